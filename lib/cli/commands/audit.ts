import { readEnvironment } from '../../adapters/environment.ts';
import { auditLake } from '../../app/audit-lake.ts';
import { assertWritable, openStore } from '../../app/open-lake.ts';
import { parseAuditRequest } from '../../lake/audit/audit.ts';
import type { AuditRequest } from '../../lake/audit/contract.ts';
import { auditKey } from '../../lake/keys.ts';
import { createProgress } from '../progress.ts';
import { simulatedNote } from '../simulated-note.ts';
import { type LakeOptions, printResult, type Terminal, widthOf } from '../terminal.ts';
import { formatAudit } from './format-audit.ts';
import { storeOrKeep } from './store-or-keep.ts';

interface AuditOptions extends AuditRequest, LakeOptions {
  readonly offline?: boolean;
  readonly repair?: boolean;
}

/**
 * `lake audit`: exit code 0 if nothing is wrong and nothing differs, else 1. A lake that cannot be written is audited
 * too, except with `--repair`.
 */
export async function auditCommand(options: AuditOptions, terminal: Terminal): Promise<number> {
  const environment = readEnvironment(terminal.variables);
  parseAuditRequest(options);
  const lake = options.lake ?? environment.lake;
  const repair = options.repair === true;
  if (repair) assertWritable(lake);
  const { store, failure } = storeOrKeep(await openStore(lake));
  terminal.err.write(await simulatedNote(lake, options.market));
  const progress = createProgress(terminal.err, options.json === true);
  const wanted = { request: options, store, offline: options.offline === true, repair };
  const report = await auditLake(wanted, environment, (done, total) =>
    progress.show({ kind: 'progress', step: 'Audit', done, total, failed: 0 }),
  ).finally(progress.stop);
  printResult(terminal, options, report, () => formatAudit(report, lake, widthOf(terminal.out), { ...options }));
  const notStored = failure();
  if (notStored) {
    terminal.err.write(`report ${auditKey(report.auditId)} is not stored in the lake: ${notStored.message}\n`);
  }
  return report.clean ? 0 : 1;
}
