import type { Command } from 'commander';
import type { FeaturesOptions } from './features-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake features` to the program; `ended` receives the exit code. */
export function addFeaturesCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('features [words...]')
    .description('the feature columns: meaning, formula, what each was checked against')
    .option('--section <name>', 'averages trend momentum volatility volume candle …')
    .option('--set <name>', 'columns meant for xgboost mlp lstm')
    .option('--formula', 'all that is known of each column, its formula included')
    .option('--json', 'print one machine-readable result')
    .action(async (words: string[], options: Omit<FeaturesOptions, 'words'>) => {
      const { featuresCommand } = await import('./features-command.ts');
      ended(featuresCommand({ ...options, words }, terminal));
    });
}
