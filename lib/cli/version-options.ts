import type { Command } from 'commander';
import type { HistoryOptions } from './history-command.ts';
import { splitNames } from './lake-options.ts';
import type { PruneOptions } from './prune-command.ts';
import type { Terminal } from './terminal.ts';
import type { VerifyOptions } from './verify-command.ts';

/** Adds the commands about versions to the program; `ended` is told the exit code. */
export function addVersionCommands(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('history')
    .description('the versions of shards and why each came to be')
    .option('--symbols <names>', 'comma-separated symbols, or all (default: all of the lake)', splitNames)
    .option('--interval <word>', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M (default: all)')
    .option('--market <name>', 'um cm spot sim (default: all)')
    .option('--shard <period>', 'one shard by its period: 2024-02, 2024, all')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (options: HistoryOptions) => {
      const { historyCommand } = await import('./history-command.ts');
      ended(await historyCommand(options, terminal));
    });
  program
    .command('verify')
    .argument('<id>', 'a dataset id, or its first 6 digits or more')
    .description('makes what a dataset id stands for again and compares')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (id: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./verify-command.ts');
      ended(await verifyCommand(id, options, terminal));
    });
  program
    .command('prune')
    .description('tables of old versions that no dataset id names, and what old runs left: lists them')
    .option('--older-than <span>', 'replaced, or planned, so long ago: 12h 90d 52w', '90d')
    .option('--remove', 'remove them; without it nothing is')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--json', 'print one machine-readable result')
    .action(async (options: PruneOptions) => {
      const { pruneCommand } = await import('./prune-command.ts');
      ended(await pruneCommand(options, terminal));
    });
}
