import type { GapClass } from '../../domain/gap-class.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { Conflict } from '../manifest/contract.ts';
import type { EvidenceSpan } from './evidence-spans.ts';
import type { FailedChunk } from './failed-chunk.ts';
import type { QuarantinedRows } from './quarantine.ts';
import type { LifeEvidence } from './symbol-life.ts';

/** The reason for a row of the ledger, as JSON text, and the first instant at which it could be known. */
export interface Evidence {
  readonly text: string;
  /** Minus infinity if it was known as soon as the interval ended. */
  readonly knownAtMs: number;
}

/** The most hashes, failures and values that one row names. `asked` and `differing` count all of them. */
const MAX_NAMED = 8;
const MAX_VALUES = 3;

/** Returns the class and the evidence of intervals without a candle during the life of the symbol. */
export function absence(span: EvidenceSpan): { readonly class: GapClass; readonly evidence: Evidence } {
  const { archive, rest, failed, awaited } = span;
  if (archive.length > 0 && rest.length > 0) {
    return { class: 'exchange_absent', evidence: answered(undefined, { ...span, failed: [] }) };
  }
  // The content of a better file is not known, whatever the others lack.
  if (awaited.length > 0) return { class: 'fetch_failed', evidence: answered(undefined, span) };
  if (archive.length > 0) return { class: 'unknown', evidence: answered('rest_not_asked', span) };
  if (rest.length > 0) return { class: 'unknown', evidence: answered('no_archive_file', span) };
  if (failed.length > 0) return { class: 'fetch_failed', evidence: answered(undefined, span) };
  return { class: 'unknown', evidence: answered('not_asked', span) };
}

/** Returns the evidence of a candle that a better source covers and lacks, or whose better source failed. */
export function healing(span: EvidenceSpan): Evidence {
  return answered(undefined, { ...span, failed: span.awaited });
}

function answered(
  why: string | undefined,
  { archive, superseded, rest, failed }: Pick<EvidenceSpan, 'archive' | 'superseded' | 'rest' | 'failed'>,
): Evidence {
  const text = JSON.stringify({
    ...(why !== undefined && { why }),
    ...(archive.length > 0 && { archive: archive.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    ...(superseded.length > 0 && { superseded: superseded.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    ...(rest.length > 0 && { rest: rest.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    asked: archive.length + rest.length,
    ...(failed.length > 0 && { failures: failed.slice(0, MAX_NAMED).map(describeFailure) }),
  });
  // The row could be known after the first answer of each kind, and after the first failure.
  const first = (times: readonly number[]) => (times.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...times));
  const knownAtMs = Math.max(
    first(archive.map(({ landedAtMs }) => landedAtMs[0]!)),
    first(rest.map(({ landedAtMs }) => landedAtMs[0]!)),
    first(failed.map(({ atMs }) => atMs)),
  );
  return { text, knownAtMs };
}

function describeFailure({ error, message, atMs, sha256 }: FailedChunk) {
  return { error, message, at: isoTime(atMs), sha256 };
}

/**
 * Returns the evidence of intervals outside the life of the symbol. It counts the candles that landed there and are not
 * served (`rows`), and those of them that had trades (`traded`).
 */
export function outsideLife(
  kind: 'listed' | 'settled',
  { timeMs, facts, rule }: LifeEvidence,
  { rows, traded }: QuarantinedRows,
): Evidence {
  const text = JSON.stringify({
    ...(rule ? { rule: rule.name, price: rule.price } : undefined),
    [kind]: isoTime(timeMs),
    facts: facts.slice(0, MAX_NAMED),
    rows,
    ...(traded > 0 && { traded }),
  });
  return { text, knownAtMs: Number.NEGATIVE_INFINITY };
}

/**
 * Returns the evidence of neighbouring candles on which the same landed objects disagree in the same way.
 * @param landedAtMs for each landed object the times at which it landed, ascending, by hash
 */
export function conflictEvidence(
  conflicts: readonly Conflict[],
  landedAtMs: ReadonlyMap<string, readonly number[]>,
): Evidence {
  const { kept } = conflicts[0]!;
  const rule = decidingRule(conflicts[0]!);
  const others = new Map(conflicts.map(({ other }) => [other.sha256, other.source]));
  const text = JSON.stringify({
    rule,
    kept: { source: kept.source, sha256: kept.sha256 },
    others: [...others].slice(0, MAX_NAMED).map(([sha256, source]) => ({ source, sha256 })),
    differing: conflicts.length,
    values: conflicts.slice(0, MAX_VALUES).map((conflict) => ({
      at: isoTime(conflict.openTimeMs),
      column: conflict.column,
      kept: conflict.kept.value,
      other: conflict.other.value,
    })),
  });
  const timesOf = (sha256: string) => landedAtMs.get(sha256) ?? [Number.NEGATIVE_INFINITY];
  const keptMs = timesOf(kept.sha256);
  const othersMs = [...others.keys()].map(timesOf);
  // An object that is kept because it was fetched later landed after all others. It may also have landed before them.
  const lastOtherMs = rule === 'fetched_later' ? Math.max(...othersMs.map((times) => times.at(-1)!)) : undefined;
  const keptSinceMs =
    lastOtherMs === undefined ? keptMs[0]! : (keptMs.find((ms) => ms > lastOtherMs) ?? keptMs.at(-1)!);
  // One other object is enough for a conflict.
  return { text, knownAtMs: Math.max(keptSinceMs, Math.min(...othersMs.map((times) => times[0]!))) };
}

/** Returns the rule of `mergeCandles` that decided. */
function decidingRule({ kept, other }: Conflict): string {
  if (kept.source !== other.source) return 'better_source';
  return kept.sha256 === other.sha256 ? 'later_row' : 'fetched_later';
}

/** Identifies the objects in conflict: the one kept and the others. */
export function conflictParties(conflicts: readonly Conflict[]): string {
  return [conflicts[0]!.kept.sha256, ...conflicts.map(({ other }) => other.sha256)].join(' ');
}
