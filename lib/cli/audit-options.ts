import { type Command, InvalidArgumentError } from 'commander';
import type { SampleSize } from '../lake/audit/contract.ts';
import type { AuditOptions } from './audit-command.ts';
import { splitNames } from './lake-options.ts';
import type { Terminal } from './terminal.ts';

/** Adds `lake audit` to the program; `ended` is told the exit code. */
export function addAuditCommand(program: Command, terminal: Terminal, ended: (code: number) => void): void {
  program
    .command('audit')
    .description('verify the lake against its manifests and the exchange')
    .option('--symbols <names>', 'comma-separated symbols, or all (default: all that the lake holds)', splitNames)
    .option('--interval <word>', 'one interval (default: all that the lake holds)')
    .option('--market <name>', 'one of um cm spot sim (default: all that the lake holds)')
    .option('--lake <place>', 'folder or s3://bucket (default: ./lake)')
    .option('--sample <n>', 'days of each series to compare with the exchange, or all (default: 20)', sampleSize)
    .option('--offline', 'ask nobody: the lake against itself alone')
    .option('--repair', 'have damaged shards made again by the next run, fetch damaged landings again')
    .option('--json', 'print one machine-readable result')
    .action(async (options: AuditOptions) => {
      const { auditCommand } = await import('./audit-command.ts');
      ended(await auditCommand(options, terminal));
    });
}

function sampleSize(text: string): SampleSize {
  if (text === 'all') return text;
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number or all.');
  return Number(text);
}
