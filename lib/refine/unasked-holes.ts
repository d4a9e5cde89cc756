import { ceilOpenTime, floorOpenTime, nextOpenTime } from '../domain/interval.ts';
import type { LandingId } from '../domain/keys.ts';
import { type Period, periodRange } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import { subtractRanges, type TimeRange } from '../domain/time-range.ts';

/** Ranges that are named; what is beyond them shows once they have been asked about. */
const MOST_RANGES = 1_000;

/**
 * Open times of a period that an archive file covers without a candle and that REST was never asked for, ascending, the
 * first thousand ranges. `openTimeMs` are those of the period's candles, ascending.
 */
export function unaskedHoles(
  { interval }: Series,
  period: Period,
  inputs: readonly LandingId[],
  openTimeMs: Float64Array,
): TimeRange[] {
  const whole = periodRange(period);
  const asked = inputs.filter(({ source }) => source === 'rest').map(({ range }) => range);
  const holes: TimeRange[] = [];
  for (const file of disjoint(inputs.filter(({ source }) => source !== 'rest').map(({ range }) => range))) {
    const covered = {
      fromMs: ceilOpenTime(interval, Math.max(file.fromMs, whole.fromMs)),
      toMs: ceilOpenTime(interval, Math.min(file.toMs, whole.toMs)),
    };
    let fromMs = covered.fromMs;
    const endAt = (toMs: number) => {
      if (toMs <= fromMs) return;
      for (const part of subtractRanges({ fromMs, toMs }, asked)) {
        const hole = { fromMs: ceilOpenTime(interval, part.fromMs), toMs: ceilOpenTime(interval, part.toMs) };
        if (hole.fromMs < hole.toMs) holes.push(hole);
      }
    };
    for (const openTime of openTimeMs) {
      if (openTime < covered.fromMs) continue;
      if (openTime >= covered.toMs || holes.length >= MOST_RANGES) break;
      endAt(openTime);
      fromMs = nextOpenTime(interval, floorOpenTime(interval, openTime));
    }
    endAt(covered.toMs);
  }
  return holes.slice(0, MOST_RANGES);
}

/** Ranges ascending, those that touch or overlap as one. */
function disjoint(ranges: readonly TimeRange[]): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (last && range.fromMs <= last.toMs) {
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, range.toMs) };
    } else joined.push(range);
  }
  return joined;
}
