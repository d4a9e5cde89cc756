import type { Chunk } from '../../domain/chunk.ts';
import { ceilOpenTime, countOpenTimes, type Interval, stepOpenTimes } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { REST_PAGE_CANDLES } from '../landing/open-page.ts';

/** A chunk to request for holes, and the number of missing open times in it. */
export interface HoleQuestion {
  readonly chunk: Chunk;
  readonly candles: number;
}

/**
 * Returns the fewest REST windows that cover all holes, each with its number of missing open times. A request costs the
 * same for any number of rows, so a page also spans candles that exist if a later hole is within its reach. It ends
 * with the last hole that it reaches. Holes are on the grid, ascending and disjoint.
 */
export function holeWindows(interval: Interval, holes: readonly TimeRange[]) {
  const windows: { range: TimeRange; candles: number }[] = [];
  let page: { fromMs: number; toMs: number; readonly endMs: number; candles: number } | undefined;
  const close = () => {
    if (page) windows.push({ range: { fromMs: page.fromMs, toMs: page.toMs }, candles: page.candles });
  };
  for (const hole of holes) {
    for (let fromMs = hole.fromMs; fromMs < hole.toMs; ) {
      if (!page || fromMs >= page.endMs) {
        close();
        page = { fromMs, toMs: fromMs, endMs: stepOpenTimes(interval, fromMs, REST_PAGE_CANDLES), candles: 0 };
      }
      const toMs = Math.min(hole.toMs, page.endMs);
      page.candles += countOpenTimes(interval, { fromMs, toMs });
      page.toMs = toMs;
      fromMs = toMs;
    }
  }
  close();
  return windows;
}

/**
 * Returns the parts of ranges within bounds, with both ends on the grid, ascending and disjoint. Parts without an open
 * time are left out.
 */
export function rangesWithin(interval: Interval, ranges: readonly TimeRange[], bounds: TimeRange): TimeRange[] {
  const parts = ranges
    .map((range) => ({
      fromMs: ceilOpenTime(interval, Math.max(range.fromMs, bounds.fromMs)),
      toMs: ceilOpenTime(interval, Math.min(range.toMs, bounds.toMs)),
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
  let coveredMs = Number.NEGATIVE_INFINITY;
  return parts.flatMap(({ fromMs, toMs }) => {
    const part = { fromMs: Math.max(fromMs, coveredMs), toMs };
    coveredMs = Math.max(coveredMs, toMs);
    return part.fromMs < part.toMs ? [part] : [];
  });
}
