import { CANDLE_COLUMNS, type Candles, rowsBefore } from '../../domain/candles.ts';
import { countOpenTimes, type Interval } from '../../domain/interval.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Answer } from './answer.ts';
import { byPreference, type DecodedObject } from './merge.ts';

/** A landed object as it was decoded for one period. */
export interface Containable extends DecodedObject {
  /** By its key. */
  readonly askedRange: TimeRange;
  /** Open times for which it is an answer. */
  readonly answer: Answer;
}

/**
 * Finds the objects that another one contains, and that one. B contains A if B is preferred to A, B was asked for all
 * that A was asked for, and both agree on each interval of it: the same candle, or no candle. An archive file contains
 * an answer of REST only if no candle is missing in it: what both lack is evidence, for which REST and the archive must
 * each be asked. A contained object changes no table and no ledger. It is a function of what landed, whatever was
 * refined in between.
 * @param objects of one period, those that have landed in a newer version among them
 */
export function findContained<One extends Containable>(
  interval: Interval,
  period: Period,
  objects: readonly One[],
): ReadonlyMap<One, One> {
  const whole = periodRange(period);
  const spans = objects
    .filter(({ superseded }) => !superseded)
    .map((object) => ({ object, range: overlap(object.answer.range, whole), sorted: isAscending(object.candles) }))
    .sort((a, b) => a.object.askedRange.fromMs - b.object.askedRange.fromMs);
  const contained = new Map<One, One>();
  let active: typeof spans = [];
  for (let at = 0, end = 0; at < spans.length; at = end) {
    const { fromMs } = spans[at]!.object.askedRange;
    while (end < spans.length && spans[end]!.object.askedRange.fromMs === fromMs) end++;
    active = active.filter(({ object }) => object.askedRange.toMs > fromMs).concat(spans.slice(at, end));
    // An answer of REST always counts for its range; a file does so until a newer version of it lands.
    const rest = active.filter(({ object }) => object.source === 'rest');
    for (const one of spans.slice(at, end)) {
      const other = rest.find((o) => contains(interval, o, one)) ?? active.find((o) => contains(interval, o, one));
      if (other) contained.set(one.object, other.object);
    }
  }
  return withOlderVersions(objects, contained);
}

/** Older versions of a file count only beside its newest one, which they are compared with. */
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

interface Span {
  readonly object: Containable;
  readonly range: TimeRange;
  readonly sorted: boolean;
}

function contains(interval: Interval, other: Span, one: Span): boolean {
  const { fromMs, toMs } = one.range;
  if (other === one || !other.sorted || fromMs >= toMs) return false;
  if (!covers(other.object.askedRange, one.object.askedRange) || !covers(other.range, one.range)) return false;
  if (byPreference(other.object, one.object) > 0) return false;
  // Files of one kind do not overlap.
  if (one.object.source === other.object.source && one.object.source !== 'rest') return false;
  const own = one.object.candles;
  const theirs = other.object.candles;
  const fromRow = rowsBefore(theirs.openTimeMs, fromMs);
  if (rowsBefore(theirs.openTimeMs, toMs) - fromRow !== own.length) return false;
  const sameKind = (one.object.source === 'rest') === (other.object.source === 'rest');
  if (!sameKind && own.length !== countOpenTimes(interval, one.range)) return false;
  return CANDLE_COLUMNS.every((name) => own[name].every((value, row) => value === theirs[name][fromRow + row]));
}

function covers(outer: TimeRange, inner: TimeRange): boolean {
  return outer.fromMs <= inner.fromMs && outer.toMs >= inner.toMs;
}

function overlap(a: TimeRange, b: TimeRange): TimeRange {
  return { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
}

function isAscending({ openTimeMs }: Candles): boolean {
  return openTimeMs.every((timeMs, row) => row === 0 || timeMs > openTimeMs[row - 1]!);
}
