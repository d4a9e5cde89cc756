import type { Command } from 'commander';
import { GAP_CLASSES } from '../domain/gap-class.ts';
import type { GapsOptions } from './gaps-command.ts';
import { splitNames } from './lake-options.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake gaps` to the program; `ended` is told the exit code. */
export function addGapsCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('gaps')
    .description('the ledger: every interval that is no candle, why, and the sum')
    .option('--symbols <names>', 'comma-separated symbols, or all (default: all of the lake)', splitNames)
    .option('--interval <word>', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M')
    .option('--market <name>', 'um cm spot sim')
    .option('--class <names>', `comma-separated: ${GAP_CLASSES.join(' ')}`, splitNames)
    .option('--from <time>', 'rows that end after this, ISO 8601 UTC')
    .option('--to <time>', 'rows that begin before this, ISO 8601 UTC')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--format <name>', 'table json csv', 'table')
    .option('--json', 'the same as --format json')
    .action(async (options: GapsOptions) => {
      const { gapsCommand } = await import('./gaps-command.ts');
      ended(await gapsCommand(options, terminal));
    });
}
