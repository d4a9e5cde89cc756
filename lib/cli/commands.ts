import { DATASET_LABELS, NULL_RULES } from '../dataset/contract.ts';
import { GAP_CLASSES } from '../domain/gap-class.ts';
import { STREAM_NAMES } from '../domain/stream-table.ts';
import { TABLES } from '../domain/tables.ts';
import { SECTION_TITLES } from '../features/section-titles.ts';
import { EXPORT_FORMATS, QUERY_FORMATS, TRAINING_SETS, VIEW_NAMES } from '../query/contract.ts';
import type { CommandRow } from './command.ts';
import {
  choice,
  FROM,
  interval,
  JSON_FORMAT,
  JSON_RESULT,
  LAKE,
  market,
  PERIOD,
  REQUEST,
  sampleSize,
  splitNames,
  symbols,
  wholeNumber,
} from './options.ts';

/** The longest time for which Athena keeps a result for reuse: a week. */
const MOST_REUSE_MINUTES = 10_080;

const SQL_TABLES = [...TABLES, ...STREAM_NAMES, ...VIEW_NAMES];

/** Every command of `lake`, in the order of the help. docs/add-a-command.md says how to add one. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'run',
    about: 'fetch, refine and catalogue what is missing',
    options: [
      ...REQUEST,
      {
        flags: '--concurrency <n>',
        about: 'at most this many chunks or series at once',
        parse: wholeNumber(1, 1000),
      },
      { flags: '--show', about: 'print the newest rows afterwards' },
    ],
    examples: [
      { words: 'run --symbols BTCUSDT,ETHUSDT --interval 1h --period 6m', about: 'two symbols, six months back' },
      { words: 'run --symbols all --interval 1d --from 2024-01-01', about: 'the whole market, day by day' },
      { words: 'run --source simulated --period 30d --show', about: 'without a network' },
    ],
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    name: 'plan',
    about: 'what a run would fetch, compute and cost',
    options: REQUEST,
    examples: [
      { words: 'plan --symbols BTCUSDT --interval 1m --period 5y', about: 'what five years of minutes would take' },
      { words: 'plan --symbols all --period 1y --json', about: 'the same of a whole market, for a program' },
    ],
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  {
    name: 'query',
    about: `SQL over ${SQL_TABLES.join(' ')}`,
    argument: { name: '<sql>', values: SQL_TABLES },
    options: [
      choice('--format <name>', QUERY_FORMATS, 'table'),
      JSON_FORMAT,
      { flags: '--out <file>', about: `write the result to a file: .${EXPORT_FORMATS.join(' .')}`, values: 'path' },
      { flags: '--force', about: 'replace the file of --out' },
      LAKE,
      { flags: '--as-of <time>', about: 'the lake as it was then, ISO 8601 UTC; DuckDB answers' },
      {
        flags: '--reuse <minutes>',
        about: 'on S3: accept an earlier answer of at most this age; 0: never',
        parse: wholeNumber(0, MOST_REUSE_MINUTES),
        preset: 10,
      },
    ],
    examples: [
      {
        words: 'query "SELECT symbol, max(open_time) FROM candles GROUP BY symbol"',
        about: 'the newest candle of each symbol',
      },
      { words: 'query "SELECT * FROM dataset" --out dataset.parquet', about: 'into a file' },
      { words: 'query "SELECT * FROM candles LIMIT 5" --as-of 2025-01-01', about: 'the lake as it was' },
    ],
    load: async () => (await import('./commands/query.ts')).queryCommand,
  },
  {
    name: 'features',
    about: 'the feature columns: meaning, formula, and how each was checked',
    argument: { name: '[words...]' },
    options: [
      choice('--section <name>', Object.keys(SECTION_TITLES)),
      { ...choice('--set <name>', TRAINING_SETS), about: `columns meant for ${TRAINING_SETS.join(' ')}` },
      { flags: '--formula', about: 'every field of each column, its formula included' },
      JSON_RESULT,
    ],
    examples: [
      { words: 'features', about: 'one line for each column' },
      { words: 'features --json', about: 'every field of each column' },
    ],
    load: async () => (await import('./commands/features.ts')).featuresCommand,
  },
  {
    name: 'ls',
    about: 'what the lake holds: series, streams, ranges, sizes, age, gaps',
    options: [market('all'), symbols('comma-separated symbols (default: all)'), interval(), LAKE, JSON_RESULT],
    examples: [
      { words: 'ls', about: 'everything in the lake' },
      { words: 'ls --symbols BTCUSDT --interval 15m', about: 'one series' },
    ],
    load: async () => (await import('./commands/ls.ts')).lsCommand,
  },
  {
    name: 'labels',
    about: 'the label table: what each column means, and how often each class occurs',
    options: [
      symbols('comma-separated symbols to count (default: all of the lake)'),
      interval(undefined, 'horizons of this interval (default: 15m), and count this one'),
      market('all'),
      LAKE,
      JSON_RESULT,
    ],
    examples: [
      { words: 'labels', about: 'what each label means, and how often each of its values is in the lake' },
      { words: 'labels --interval 1h --symbols BTCUSDT', about: 'the same of one series' },
    ],
    load: async () => (await import('./commands/labels.ts')).labelsCommand,
  },
  {
    name: 'gaps',
    about: 'the ledger: every interval without a candle, the reason, and the sum',
    options: [
      symbols('comma-separated symbols, or all (default: all of the lake)'),
      interval(),
      market(),
      {
        ...choice('--class <names>', GAP_CLASSES),
        about: `comma-separated: ${GAP_CLASSES.join(' ')}`,
        parse: splitNames,
      },
      { flags: '--from <time>', about: 'rows that end after this, ISO 8601 UTC' },
      { flags: '--to <time>', about: 'rows that begin before this, ISO 8601 UTC' },
      LAKE,
      { ...choice('--format <name>', QUERY_FORMATS), preset: 'table' },
      JSON_FORMAT,
    ],
    examples: [
      { words: 'gaps --symbols BTCUSDT --interval 15m', about: 'one series' },
      { words: 'gaps --from 2024-01-01 --to 2024-02-01 --format csv', about: 'one month, all series' },
    ],
    load: async () => (await import('./commands/gaps.ts')).gapsCommand,
  },
  {
    name: 'dataset',
    about: 'a training pack: features, label, weights and purged folds',
    options: [
      { ...symbols('comma-separated symbols, or all that the lake holds'), required: true },
      {
        ...interval(undefined, 'that of the rows; after commas longer ones to join: 15m,1h,4h'),
        flags: '--interval <words>',
        required: true,
      },
      PERIOD,
      FROM,
      { flags: '--to <time>', about: 'open times before this, ISO 8601 UTC (default: end of the lake)' },
      {
        flags: '--out <folder>',
        about: 'folder of the pack; it must be empty or hold this very pack',
        values: 'path',
      },
      { flags: '--id-only', about: 'make no pack: record and print the dataset id of the range' },
      { flags: '--as-of <time>', about: 'of the lake as it was then, ISO 8601 UTC' },
      {
        ...choice('--set <name>', TRAINING_SETS),
        about: `features of a set: ${TRAINING_SETS.join(' ')} (default: xgboost)`,
      },
      {
        flags: '--columns <names>',
        about: 'these features instead: rsi_14,atr_14 or rsi_14__1h if joined',
        parse: splitNames,
      },
      { flags: '--columns-file <path>', about: 'the same, from a text file' },
      { ...choice('--label <name>', DATASET_LABELS), preset: 'signal' },
      {
        flags: '--folds <n>',
        about: 'walk-forward folds, 2 to 12; combinatorial ones are made of the same blocks',
        parse: Number,
        preset: 5,
      },
      { flags: '--embargo <span>', about: 'time kept free between training and test: 0 30m 12h 1d', preset: '1d' },
      { flags: '--hold-out <part>', about: 'the newest rows, kept out of all folds: 20% or 60d' },
      {
        flags: '--nulls <rule>',
        about: `rows with a null feature: ${NULL_RULES.join(' ')} (default: drop for mlp, lstm)`,
        values: NULL_RULES,
      },
      { flags: '--with-unlabelled', about: 'also the newest rows, whose label is not decided, to predict on' },
      market('um; sim if the lake holds no other'),
      LAKE,
      JSON_RESULT,
    ],
    examples: [
      {
        words: 'dataset --symbols BTCUSDT --interval 15m --from 2024-01-01 --to 2025-01-01 --out pack',
        about: 'a pack of one year',
      },
      {
        words: 'dataset --symbols BTCUSDT,ETHUSDT --interval 1h --from 2024-01-01 --to 2025-01-01 --id-only',
        about: 'only its id',
      },
    ],
    load: async () => (await import('./commands/dataset.ts')).datasetCommand,
  },
  {
    name: 'audit',
    about: 'verify the lake against its manifests and the exchange',
    options: [
      symbols('comma-separated symbols, or all (default: all that the lake holds)'),
      interval('all that the lake holds', 'one interval'),
      market('all that the lake holds'),
      LAKE,
      {
        flags: '--sample <n>',
        about: 'days of each series to compare with the exchange, or all (default: 20)',
        parse: sampleSize,
      },
      { flags: '--offline', about: 'no request to the exchange: compare the lake with itself only' },
      { flags: '--repair', about: 'let the next run rebuild damaged shards; fetch damaged landing objects again' },
      JSON_RESULT,
    ],
    examples: [
      { words: 'audit', about: 'the whole lake, with a sample of its days against the exchange' },
      { words: 'audit --symbols BTCUSDT --offline', about: 'one symbol, without the network' },
      { words: 'audit --repair', about: 'then `run` replaces what is damaged' },
    ],
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'history',
    about: 'the versions of shards, and the reason for each',
    options: [
      symbols('comma-separated symbols, or all (default: all of the lake)'),
      interval('all'),
      market('all'),
      { flags: '--shard <period>', about: 'one shard by its period: 2024-02, 2024, all' },
      LAKE,
      JSON_RESULT,
    ],
    examples: [
      { words: 'history --symbols BTCUSDT --interval 15m', about: 'one series' },
      { words: 'history --symbols BTCUSDT --interval 15m --shard 2024 --json', about: 'one shard, for a program' },
    ],
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
  {
    name: 'verify',
    about: 'rebuild what a dataset id names, and compare',
    argument: { name: '<id>', about: 'a dataset id, its first 6 digits or more, or the folder of a pack' },
    options: [LAKE, JSON_RESULT],
    examples: [
      { words: 'verify 3f2a9c1b', about: 'a dataset id, or the beginning of one' },
      { words: 'verify 3f2a9c1b --json', about: 'the same, for a program' },
    ],
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'prune',
    about: 'list tables of old versions that no dataset id needs, and plans and results of old runs',
    options: [
      {
        flags: '--older-than <span>',
        about: 'least age, since the table was replaced or the run planned: 12h 90d 52w',
        preset: '90d',
      },
      { flags: '--remove', about: 'remove them; otherwise they are only listed' },
      LAKE,
      JSON_RESULT,
    ],
    examples: [
      { words: 'prune --older-than 30d', about: 'what would be removed' },
      { words: 'prune --older-than 30d --remove', about: 'remove it' },
    ],
    load: async () => (await import('./commands/prune.ts')).pruneCommand,
  },
  {
    name: 'completion',
    about: 'the script that lets a shell complete commands, options and values',
    argument: { name: '<shell>', about: 'bash zsh fish', values: ['bash', 'zsh', 'fish'] },
    options: [],
    examples: [
      { words: 'completion bash >> ~/.bashrc', about: 'for every new bash' },
      { words: 'completion zsh >> ~/.zshrc', about: 'for every new zsh; the file must call compinit before' },
      { words: 'completion fish > ~/.config/fish/completions/lake.fish', about: 'for every new fish' },
    ],
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
];
