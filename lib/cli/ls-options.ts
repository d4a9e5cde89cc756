import type { Command } from 'commander';
import { splitNames } from './lake-options.ts';
import type { LsOptions } from './ls-command.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake ls` to the program; `ended` receives the exit code. */
export function addLsCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('ls')
    .description('what the lake holds: series, streams, ranges, sizes, age, gaps')
    .option('--market <name>', 'um cm spot sim (default: all)')
    .option('--symbols <names>', 'comma-separated symbols (default: all)', splitNames)
    .option('--interval <word>', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (options: LsOptions) => {
      const { lsCommand } = await import('./ls-command.ts');
      ended(await lsCommand(options, terminal));
    });
}
