import type { Command } from 'commander';
import type { LabelsOptions } from './labels-command.ts';
import { splitNames } from './lake-options.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake labels` to the program; `ended` receives the exit code. */
export function addLabelsCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('labels')
    .description('the label table: what each column means, and how often each class occurs')
    .option('--symbols <names>', 'comma-separated symbols to count (default: all of the lake)', splitNames)
    .option('--interval <word>', 'horizons of this interval (default: 15m), and count this one')
    .option('--market <name>', 'um cm spot sim (default: all)')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (options: LabelsOptions) => {
      const { labelsCommand } = await import('./labels-command.ts');
      ended(await labelsCommand(options, terminal));
    });
}
