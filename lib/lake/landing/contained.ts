import { type Period, periodRange } from '../../domain/period.ts';
import { overlap, type TimeRange } from '../../domain/time-range.ts';
import { byPreference, type Preferable } from './preference.ts';

/** A landed object as it was decoded for one period. */
export interface Containable extends Preferable {
  /** By its key. */
  readonly askedRange: TimeRange;
  /** Times for which it is an answer: up to when it was asked, and as far as a row of it can lie. */
  readonly answers: TimeRange;
}

/**
 * Finds the objects that another one contains, and that one. B contains A if B is preferred to A, B was requested for all
 * that A was requested for, and both agree. A contained object changes no table and no ledger. The result is a function of
 * what landed, whatever was refined in between.
 * @param objects of one period, those that have landed in a newer version among them
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
    .map((object) => ({ object, range: overlap(object.answers, whole) }))
    .sort((a, b) => a.object.askedRange.fromMs - b.object.askedRange.fromMs);
  const contained = new Map<One, One>();
  let active: typeof spans = [];
  const contains = (b: Span<One>, a: Span<One>) => mayContain(b, a) && agree(b.object, a.object, a.range);
  for (let at = 0, end = 0; at < spans.length; at = end) {
    const { fromMs } = spans[at]!.object.askedRange;
    while (end < spans.length && spans[end]!.object.askedRange.fromMs === fromMs) end++;
    active = active.filter(({ object }) => object.askedRange.toMs > fromMs).concat(spans.slice(at, end));
    // An answer of REST always counts for its range; a file does so until a newer version of it lands.
    const rest = active.filter(({ object }) => object.source === 'rest');
    for (const one of spans.slice(at, end)) {
      const other = rest.find((o) => contains(o, one)) ?? active.find((o) => contains(o, one));
      if (other) contained.set(one.object, other.object);
    }
  }
  return withOlderVersions(objects, contained);
}

/** Adds the older versions of contained files: they count only beside their newest version, with which they are compared. */
function withOlderVersions<One extends Containable>(objects: readonly One[], contained: Map<One, One>): Map<One, One> {
  const files = new Map([...contained].map(([one, other]) => [fileOf(one), other]));
  for (const one of objects) {
    const other = one.superseded ? files.get(fileOf(one)) : undefined;
    if (other) contained.set(one, other);
  }
  return contained;
}

function fileOf({ source, askedRange }: Containable): string {
  return `${source} ${askedRange.fromMs}`;
}

interface Span<One extends Containable> {
  readonly object: One;
  readonly range: TimeRange;
}

/** Returns true if B is preferred to A and covers it. */
function mayContain<One extends Containable>(b: Span<One>, a: Span<One>): boolean {
  if (b === a || a.range.fromMs >= a.range.toMs) return false;
  if (!covers(b.object.askedRange, a.object.askedRange) || !covers(b.range, a.range)) return false;
  if (byPreference(b.object, a.object) > 0) return false;
  // Files of one kind do not overlap.
  return a.object.source !== b.object.source || a.object.source === 'rest';
}

function covers(outer: TimeRange, inner: TimeRange): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}
