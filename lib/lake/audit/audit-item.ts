import { seriesName } from '../../domain/series.ts';
import { streamTitle } from '../../domain/stream.ts';
import { encodeJson } from '../json.ts';
import { auditPartKey } from '../keys.ts';
import type { AuditContext } from './audit-context.ts';
import { auditSeries } from './audit-series.ts';
import { auditStream } from './audit-stream.ts';
import { type AuditItem, CHECKS, type PartAudit, STREAM_CHECKS } from './contract.ts';
import { createFindings } from './findings.ts';

/**
 * Audits one item of the map, a series or a stream, and stores its findings for the report. Nothing else changes in the
 * lake, with two exceptions: samples and files that differ land, and `repair` mends damage.
 */
export async function auditItem(
  item: AuditItem,
  /** `onCheck` receives the number of checks that are done. */
  context: AuditContext & { readonly onCheck?: (done: number) => void },
): Promise<PartAudit> {
  const name = 'stream' in item ? streamTitle(item.stream) : seriesName(item.series);
  const findings = createFindings(name);
  let checks = 0;
  const done = () => context.onCheck?.(++checks);
  const counts = await ('stream' in item
    ? auditStream(item.stream, findings, context, done)
    : auditSeries(item, findings, context, done));
  const audit: PartAudit = {
    series: name,
    ...counts,
    findings: findings.kept,
    counts: findings.counts,
    notices: context.exchange.notices(),
  };
  await context.store.put(auditPartKey(item.runId, item.file), encodeJson(audit));
  context.onCheck?.(('stream' in item ? STREAM_CHECKS : CHECKS).length);
  return audit;
}
