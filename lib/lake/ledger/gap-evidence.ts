import type { GapClass } from '../../domain/gap-class.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { Conflict } from '../manifest/contract.ts';
import type { FailedChunk } from './failed-chunk.ts';
import type { LifeEvidence } from './life.ts';
import type { KeptBack } from './quarantine.ts';
import type { Stretch } from './stretches.ts';

/** Why something is so, as JSON text, and since when that could be known. */
export interface Evidence {
  readonly text: string;
  /** Minus infinity where it could be known as soon as the interval had ended. */
  readonly knownAtMs: number;
}

/** Hashes, failures and values that one row names; `asked` and `differing` count all there are. */
const MAX_NAMED = 8;
const MAX_VALUES = 3;

/** What an interval without a candle is, where the symbol was listed and nobody had it. */
export function absence(stretch: Stretch): { readonly class: GapClass; readonly evidence: Evidence } {
  const { archive, rest, failed, awaited } = stretch;
  if (archive.length > 0 && rest.length > 0) {
    return { class: 'exchange_absent', evidence: answered(undefined, { ...stretch, failed: [] }) };
  }
  // What a better file would have said is not known, whatever the others lack.
  if (awaited.length > 0) return { class: 'fetch_failed', evidence: answered(undefined, stretch) };
  if (archive.length > 0) return { class: 'unknown', evidence: answered('rest_not_asked', stretch) };
  if (rest.length > 0) return { class: 'unknown', evidence: answered('no_archive_file', stretch) };
  if (failed.length > 0) return { class: 'fetch_failed', evidence: answered(undefined, stretch) };
  return { class: 'unknown', evidence: answered('not_asked', stretch) };
}

/** A candle that a lesser source has and a better one, which covers it, has not, or could not be had. */
export function healing(stretch: Stretch): Evidence {
  return answered(undefined, { ...stretch, failed: stretch.awaited });
}

function answered(
  why: string | undefined,
  { archive, superseded, rest, failed }: Pick<Stretch, 'archive' | 'superseded' | 'rest' | 'failed'>,
): Evidence {
  const text = JSON.stringify({
    ...(why !== undefined && { why }),
    ...(archive.length > 0 && { archive: archive.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    ...(superseded.length > 0 && { superseded: superseded.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    ...(rest.length > 0 && { rest: rest.slice(0, MAX_NAMED).map(({ sha256 }) => sha256) }),
    asked: archive.length + rest.length,
    ...(failed.length > 0 && { failures: failed.slice(0, MAX_NAMED).map(told) }),
  });
  // Both sides must have been heard, each for the first time; a failure must have happened.
  const first = (times: readonly number[]) => (times.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...times));
  const knownAtMs = Math.max(
    first(archive.map(({ landedAtMs }) => landedAtMs[0]!)),
    first(rest.map(({ landedAtMs }) => landedAtMs[0]!)),
    first(failed.map(({ atMs }) => atMs)),
  );
  return { text, knownAtMs };
}

function told({ error, message, atMs, sha256 }: FailedChunk) {
  return { error, message, at: isoTime(atMs), sha256 };
}

/** What lies outside the life of the symbol; `rows` of it have landed and are not served, `traded` of them had trades. */
export function outsideLife(
  kind: 'listed' | 'settled',
  { timeMs, facts, rule }: LifeEvidence,
  { rows, traded }: KeptBack,
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
 * Candles, one after the other, on which the same landed objects disagree in the same way.
 * @param landedAtMs each time that a landed object came, ascending, by its hash
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
  // What was fetched later is kept since it came after all others; it may have come before them, too.
  const lastOtherMs = rule === 'fetched_later' ? Math.max(...othersMs.map((times) => times.at(-1)!)) : undefined;
  const keptSinceMs =
    lastOtherMs === undefined ? keptMs[0]! : (keptMs.find((ms) => ms > lastOtherMs) ?? keptMs.at(-1)!);
  // The first of the others is enough for a conflict.
  return { text, knownAtMs: Math.max(keptSinceMs, Math.min(...othersMs.map((times) => times[0]!))) };
}

/** Which of the rules of the merge decided; see mergeCandles. */
function decidingRule({ kept, other }: Conflict): string {
  if (kept.source !== other.source) return 'better_source';
  return kept.sha256 === other.sha256 ? 'later_row' : 'fetched_later';
}

/** What tells one run of conflicts from the next: who says so, and who says otherwise. */
export function conflictParties(conflicts: readonly Conflict[]): string {
  return [conflicts[0]!.kept.sha256, ...conflicts.map(({ other }) => other.sha256)].join(' ');
}
