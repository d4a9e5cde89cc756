import { isoTime } from '../../domain/time-range.ts';
import type { Check, Finding, Severity } from './contract.ts';

/**
 * Findings of one series or stream that are kept; all are counted. A series in which all is wrong would fill the disk.
 */
const MOST_KEPT = 500;

/** A disagreement: an object or a value of it, and the two values. */
export type Fault = Pick<Finding, 'place' | 'what' | 'expected' | 'found'>;

/** Returns the fault of two values that should be equal. */
export function differs(place: string, what: string, expected: unknown, found: unknown): Fault {
  return { place, what, expected: String(expected), found: String(found) };
}

/** Returns the fault of an object that should exist. */
export function missing(place: string, what: string): Fault {
  return differs(place, what, 'there', 'not there');
}

/** Returns the fault of an object that should not exist. */
export function stray(place: string, what: string): Fault {
  return differs(place, what, 'not there', 'there');
}

/** A value of an object: what it is, the value that it should have, and the value that it has. */
export type Fact = readonly [what: string, expected: unknown, found: unknown];

/** Returns the faults of those values that are not as they should be. */
export function faultsAmong(place: string, facts: readonly Fact[]): Fault[] {
  return facts.flatMap(([what, expected, found]) => (expected === found ? [] : differs(place, what, expected, found)));
}

/** Returns a time as text, also if a damaged object has a number that is no time. */
export function timeText(timeMs: number | null | undefined): string {
  return typeof timeMs === 'number' && Math.abs(timeMs) <= 8.64e15 ? isoTime(timeMs) : String(timeMs);
}

/** Gathers the findings of one series or stream. */
export interface Findings {
  readonly kept: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** The lake contradicts itself. */
  wrong(check: Check, fault: Fault, remedy: string): void;
  /** The exchange contradicts itself. @param rule which of the two values the lake keeps, and why */
  differs(check: Check, fault: Fault, remedy: string, rule?: string): void;
  /** Nothing has to be done. @param rule which of two values the lake keeps, and why */
  note(check: Check, fault: Fault, rule?: string): void;
}

/** @param name of the series or stream */
export function createFindings(name: string): Findings {
  const kept: Finding[] = [];
  const counts = { wrong: 0, differs: 0, note: 0 };
  const add = (check: Check, severity: Severity, fault: Fault, remedy: string, rule?: string) => {
    counts[severity]++;
    if (kept.length >= MOST_KEPT) return;
    kept.push({ check, severity, series: name, ...fault, ...(rule !== undefined && { rule }), remedy });
  };
  return {
    kept,
    counts,
    wrong: (check, fault, remedy) => add(check, 'wrong', fault, remedy),
    differs: (check, fault, remedy, rule) => add(check, 'differs', fault, remedy, rule),
    note: (check, fault, rule) => add(check, 'note', fault, '', rule),
  };
}
