import type { Check, Finding, Severity } from './contract.ts';

/** Findings of one series or stream that are kept one by one; what goes beyond is counted. A series all wrong would fill the disk. */
const MOST_KEPT = 500;

/** Gathers what is found in one series or stream. */
export interface Findings {
  add(check: Check, severity: Severity, finding: Omit<Finding, 'check' | 'severity' | 'series'>): void;
  readonly kept: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
}

/** @param name of the series or stream */
export function createFindings(name: string): Findings {
  const kept: Finding[] = [];
  const counts = { wrong: 0, differs: 0, note: 0 };
  return {
    add(check, severity, finding) {
      counts[severity]++;
      if (kept.length < MOST_KEPT) kept.push({ check, severity, series: name, ...finding });
    },
    kept,
    counts,
  };
}
