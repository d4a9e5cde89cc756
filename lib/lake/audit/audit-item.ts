import { auditSeries } from './audit-series.ts';
import type { AuditItem, PartAudit } from './contract.ts';
import { auditStream } from './streams/audit-stream.ts';
import type { AuditWorld } from './world.ts';

/** Audits one item of the map: a series or a stream. `onCheck` is told how many of its checks are done. */
export function auditItem(
  item: AuditItem,
  world: AuditWorld & { readonly onCheck?: (done: number) => void },
): Promise<PartAudit> {
  return 'stream' in item ? auditStream(item, world) : auditSeries(item, world);
}
