import type { Command } from 'commander';
import type { DatasetOptions } from './dataset-command.ts';
import { splitNames } from './lake-options.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake dataset` to the program; `ended` is told the exit code. */
export function addDatasetCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('dataset')
    .description('a training pack: features, label, weights and purged folds')
    .requiredOption('--symbols <names>', 'comma-separated symbols, or all that the lake holds', splitNames)
    .requiredOption('--interval <words>', 'that of the rows; after commas longer ones to join: 15m,1h,4h')
    .option('--period <span>', 'back from --to: 30d 6m 1y, 30dias 6meses 1ano (default: 1y)')
    .option('--from <time>', 'first open time, ISO 8601 UTC')
    .option('--to <time>', 'open times before this, ISO 8601 UTC (default: end of the lake)')
    .option('--out <folder>', 'where the pack goes; empty, or holding this very pack')
    .option('--id-only', 'make no pack: record and print the dataset id of the range')
    .option('--as-of <time>', 'of the lake as it stood then, ISO 8601 UTC')
    .option('--set <name>', 'features of a set: xgboost mlp lstm (default: xgboost)')
    .option('--columns <names>', 'these features instead: rsi_14,atr_14 or rsi_14__1h if joined', splitNames)
    .option('--columns-file <path>', 'the same, from a text file')
    .option(
      '--label <name>',
      'signal tb_2_20 trend_up_15 fwd_return_1 fwd_return_5 fwd_return_15 fwd_return_60',
      'signal',
    )
    .option('--folds <n>', 'walk-forward folds, 2 to 12; combinatorial ones are made of the same blocks', Number, 5)
    .option('--embargo <span>', 'time kept free between training and test: 0 30m 12h 1d', '1d')
    .option('--hold-out <part>', 'the newest rows, kept out of all folds: 20% or 60d')
    .option('--nulls <rule>', 'rows with a null feature: keep drop (default: drop for mlp, lstm)')
    .option('--with-unlabelled', 'also the newest rows, whose label is not decided, to predict on')
    .option('--market <name>', 'um cm spot sim (default: um; sim if the lake holds no other)')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (options: DatasetOptions) => {
      const { datasetCommand } = await import('./dataset-command.ts');
      ended(await datasetCommand(options, terminal));
    });
}
