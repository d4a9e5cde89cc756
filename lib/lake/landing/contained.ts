import { type Period, periodRange } from '../../domain/period.ts';
import { covers, overlap, type TimeRange } from '../../domain/time-range.ts';
import type { LandedPart } from '../keys.ts';
import { byPreference, type Preferable } from './preference.ts';

/** A landed object as it was decoded for one period. */
export interface Containable extends Preferable {
  /** The range in its key. */
  readonly range: TimeRange;
  /** Times for which it is an answer: up to when it was requested, and as far as one of its rows can lie. */
  readonly answers: TimeRange;
}

/**
 * Finds the objects that another one contains, and that one. B contains A if B is preferred to A, B was requested for
 * all that A was requested for, and both agree. A contained object changes no table and no ledger. The result is a
 * function of what landed, whatever was refined in between.
 * @param objects of one period, including older versions of files
 * @param agree true if B has the rows of A, within a range that both answer
 */
export function findContained<One extends Containable>(
  period: Period,
  objects: readonly One[],
  agree: (b: One, a: One, range: TimeRange) => boolean,
): ReadonlyMap<One, One> {
  const whole = periodRange(period);
  const spans = objects
    .filter(({ superseded }) => !superseded)
    .map((object) => ({ object, answers: overlap(object.answers, whole) }))
    .sort((a, b) => a.object.range.fromMs - b.object.range.fromMs);
  const contained = new Map<One, One>();
  let active: typeof spans = [];
  const contains = (b: Span<One>, a: Span<One>) => mayContain(b, a) && agree(b.object, a.object, a.answers);
  for (let at = 0, end = 0; at < spans.length; at = end) {
    const { fromMs } = spans[at]!.object.range;
    while (end < spans.length && spans[end]!.object.range.fromMs === fromMs) end++;
    active = active.filter(({ object }) => object.range.toMs > fromMs).concat(spans.slice(at, end));
    // An answer of REST always counts for its range; a file does so until a newer version of it lands.
    const rest = active.filter(({ object }) => object.source === 'rest');
    for (const one of spans.slice(at, end)) {
      const other = rest.find((o) => contains(o, one)) ?? active.find((o) => contains(o, one));
      if (other) contained.set(one.object, other.object);
    }
  }
  return withOlderVersions(objects, contained);
}

/** Names an archive file: all its versions have this name. */
export function fileOf({ source, range }: Pick<LandedPart, 'source' | 'range'>): string {
  return `${source} ${range.fromMs}`;
}

/**
 * Adds the older versions of contained files: they count only beside their newest version, with which they are
 * compared.
 */
export function withOlderVersions<One extends Pick<Containable, 'source' | 'range' | 'superseded'>, Other>(
  objects: readonly One[],
  contained: Map<One, Other>,
): Map<One, Other> {
  const files = new Map([...contained].map(([one, other]) => [fileOf(one), other]));
  for (const one of objects) {
    const other = one.superseded ? files.get(fileOf(one)) : undefined;
    if (other !== undefined) contained.set(one, other);
  }
  return contained;
}

interface Span<One> {
  readonly object: One;
  readonly answers: TimeRange;
}

/** Returns true if B is preferred to A and covers it. */
function mayContain<One extends Containable>(b: Span<One>, a: Span<One>): boolean {
  if (b === a || a.answers.fromMs >= a.answers.toMs) return false;
  if (!covers(b.object.range, a.object.range) || !covers(b.answers, a.answers)) return false;
  if (byPreference(b.object, a.object) > 0) return false;
  // Files of one kind do not overlap.
  return a.object.source !== b.object.source || a.object.source === 'rest';
}
