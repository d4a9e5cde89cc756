import type { Command } from 'commander';
import { commandName } from './command-name.ts';

/** Columns of help, less the indent of an example and the backslash at its end. */
const WIDTH = 76;
const INDENT = '      ';

/** One command line without the name of the command, and what it does. */
export interface Example {
  readonly words: string;
  readonly about: string;
}

/** The examples in `--help` of each command; `lake` is the program itself. A test runs all of them. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  lake: [
    { words: 'run --symbols BTCUSDT --period 30d', about: 'collect 30 days of candles with features and labels' },
    { words: 'query "SELECT * FROM dataset LIMIT 5"', about: 'look at them' },
    { words: 'run --help', about: 'the options and examples of a command' },
  ],
  run: [
    { words: 'run --symbols BTCUSDT,ETHUSDT --interval 1h --period 6m', about: 'two symbols, six months back' },
    { words: 'run --symbols all --interval 1d --from 2024-01-01', about: 'the whole market, day by day' },
    { words: 'run --source simulated --period 30d --show', about: 'without a network' },
  ],
  plan: [
    { words: 'plan --symbols BTCUSDT --interval 1m --period 5y', about: 'what five years of minutes would take' },
    { words: 'plan --symbols all --period 1y --json', about: 'the same of a whole market, for a program' },
  ],
  query: [
    { words: 'query "SELECT symbol, max(open_time) FROM candles GROUP BY symbol"', about: 'how far each symbol goes' },
    { words: 'query "SELECT * FROM dataset" --out dataset.parquet', about: 'into a file' },
    { words: 'query "SELECT * FROM candles LIMIT 5" --as-of 2025-01-01', about: 'the lake as it was' },
  ],
  ls: [
    { words: 'ls', about: 'everything that the lake holds' },
    { words: 'ls --symbols BTCUSDT --interval 15m', about: 'one series' },
  ],
  labels: [
    { words: 'labels', about: 'what each label means, and how often each of its values is in the lake' },
    { words: 'labels --interval 1h --symbols BTCUSDT', about: 'the same of one series' },
  ],
  features: [
    { words: 'features', about: 'one line for each column' },
    { words: 'features --json', about: 'everything that is known of each column' },
  ],
  gaps: [
    { words: 'gaps --symbols BTCUSDT --interval 15m', about: 'one series' },
    { words: 'gaps --from 2024-01-01 --to 2024-02-01 --format csv', about: 'one month, all series' },
  ],
  dataset: [
    {
      words: 'dataset --symbols BTCUSDT --interval 15m --from 2024-01-01 --to 2025-01-01 --out pack',
      about: 'a pack of one year',
    },
    {
      words: 'dataset --symbols BTCUSDT,ETHUSDT --interval 1h --from 2024-01-01 --to 2025-01-01 --id-only',
      about: 'only its id',
    },
  ],
  audit: [
    { words: 'audit', about: 'the whole lake, with a sample of its days against the exchange' },
    { words: 'audit --symbols BTCUSDT --offline', about: 'one symbol, without the network' },
    { words: 'audit --repair', about: 'then `run` replaces what is damaged' },
  ],
  history: [
    { words: 'history --symbols BTCUSDT --interval 15m', about: 'one series' },
    { words: 'history --symbols BTCUSDT --interval 15m --shard 2024 --json', about: 'one shard, for a program' },
  ],
  verify: [
    { words: 'verify 3f2a9c1b', about: 'a dataset id, or the beginning of one' },
    { words: 'verify 3f2a9c1b --json', about: 'the same, for a program' },
  ],
  prune: [
    { words: 'prune --older-than 30d', about: 'what would be removed' },
    { words: 'prune --older-than 30d --remove', about: 'remove it' },
  ],
  completion: [
    { words: 'completion bash >> ~/.bashrc', about: 'for every new bash' },
    { words: 'completion zsh >> ~/.zshrc', about: 'for every new zsh; the file must call compinit before' },
    { words: 'completion fish > ~/.config/fish/completions/lake.fish', about: 'for every new fish' },
  ],
};

/** Puts the examples below the help of the program and of each command, as they can be pasted. */
export function addExamples(program: Command): void {
  for (const command of [program, ...program.commands]) {
    command.addHelpText('after', () => examplesText(EXAMPLES[command.name()] ?? []));
  }
}

function examplesText(examples: readonly Example[]): string {
  const lines = examples.map(({ words, about }) => `  # ${about}\n  ${wrapped(`${commandName()} ${words}`)}`);
  return `\nExamples:\n${lines.join('\n')}`;
}

/** A shell reads a line that ends in a backslash on in the next one. Lines break only before an option. */
function wrapped(line: string): string {
  return line.split(/ (?=--)/).reduce((text, part) => {
    const width = text.length - text.lastIndexOf('\n');
    return width + part.length <= WIDTH ? `${text} ${part}` : `${text} \\\n${INDENT}${part}`;
  });
}
