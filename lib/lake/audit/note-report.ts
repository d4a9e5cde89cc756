import type { Period } from '../../domain/period.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { StreamConflict } from '../manifest/contract.ts';
import type { Check } from './contract.ts';
import { differs, type Findings } from './findings.ts';

/** The part of a shard that names unreadable files. */
interface ReportedShard {
  readonly period: Period;
  readonly manifest: { readonly report: { readonly unreadable?: readonly { readonly message: string }[] } };
}

/** Notes the unreadable files in a shard's report. The exchange published them so. The message names the file. */
export function noteUnreadable(check: Check, { period, manifest }: ReportedShard, findings: Findings): void {
  const what = 'archive file that landed as it was published and cannot be read: it is ignored';
  for (const { message } of manifest.report.unreadable ?? []) {
    findings.note(check, differs(period, what, 'rows', message));
  }
}

/** Notes that landed objects contradict each other in a shard, with the first example. */
export function noteConflict(
  check: Check,
  rows: string,
  count: number,
  [sample]: readonly StreamConflict[],
  rule: string,
  findings: Findings,
): void {
  if (count === 0 || !sample) return;
  const text = ({ value, source }: StreamConflict['kept']) => `${sample.column} ${value} (${source})`;
  const what = `${rows} on which what landed differs: ${count}, this the first`;
  findings.note(check, differs(isoTime(sample.timeMs), what, text(sample.kept), text(sample.other)), rule);
}
