import type { Period } from '../../domain/period.ts';
import type { Check } from './contract.ts';
import type { Findings } from './findings.ts';

/** Notes the files that the shard says cannot be read. It is the exchange's fault: their names and rows are in the messages. */
export function noteUnreadable(check: Check, { period, manifest }: UnreadableShard, findings: Findings): void {
  for (const { message } of manifest.report.unreadable ?? []) {
    findings.add(check, 'note', {
      place: period,
      what: 'archive file that landed as it was published and cannot be read: it says nothing',
      expected: 'rows',
      found: message,
      remedy: '',
    });
  }
}

interface UnreadableShard {
  readonly period: Period;
  readonly manifest: { readonly report: { readonly unreadable?: readonly { readonly message: string }[] } };
}
