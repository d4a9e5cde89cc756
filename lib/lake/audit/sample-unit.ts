import type { Source } from '../../domain/chunk.ts';
import { floorOpenTime, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { LandingId } from '../keys.ts';

const HOUR_MS = 3_600_000;

/** One question to the exchange: what a source says of a range. */
export interface SampleQuestion {
  readonly source: Source;
  readonly range: TimeRange;
}

/**
 * What of a series is compared together: days, or single candles where those are longer. `candles` runs from the first
 * open time to the end of the last candle.
 */
export function sampleUnits({ interval }: Series, candles: TimeRange): TimeRange[] {
  const step = nominalMs(interval) >= DAY_MS ? interval : '1d';
  const units: TimeRange[] = [];
  for (let fromMs = floorOpenTime(step, candles.fromMs); fromMs < candles.toMs; ) {
    const toMs = nextOpenTime(step, fromMs);
    units.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return units;
}

/**
 * Whom to ask about a unit: every source that might say something else than what landed. Of REST, one hour of the day,
 * where a whole day would be more than a handful of candles; all of it with `whole`.
 */
export function sampleQuestions(
  series: Series,
  unit: TimeRange,
  {
    candles,
    landed,
    nowMs,
    whole,
    random,
  }: {
    readonly candles: TimeRange;
    readonly landed: readonly LandingId[];
    readonly nowMs: number;
    readonly whole: boolean;
    readonly random: () => number;
  },
): SampleQuestion[] {
  // Drawn in any case, so that what has landed does not move the draws that follow.
  const hour = Math.floor(random() * 24);
  const month = {
    fromMs: floorOpenTime('1M', unit.fromMs),
    toMs: nextOpenTime('1M', floorOpenTime('1M', unit.fromMs)),
  };
  const day = { fromMs: floorOpenTime('1d', unit.fromMs), toMs: floorOpenTime('1d', unit.fromMs) + DAY_MS };
  const has = (source: Source, { fromMs }: TimeRange) =>
    landed.some((id) => id.source === source && id.range.fromMs === fromMs);
  const questions: SampleQuestion[] = [];
  if (month.toMs <= nowMs && !has('archive_monthly', month))
    questions.push({ source: 'archive_monthly', range: month });
  if (venueOf(series.market).hasDailyArchive(series.interval) && day.toMs <= nowMs && !has('archive_daily', day)) {
    questions.push({ source: 'archive_daily', range: day });
  }
  const narrow = !whole && nominalMs(series.interval) < HOUR_MS;
  const asked = narrow ? { fromMs: unit.fromMs + hour * HOUR_MS, toMs: unit.fromMs + (hour + 1) * HOUR_MS } : unit;
  // Nothing is asked of before the first candle of the lake or after its last: those may not have closed.
  const window = { fromMs: Math.max(asked.fromMs, candles.fromMs), toMs: Math.min(asked.toMs, candles.toMs) };
  const rest = landed.filter((id) => id.source === 'rest').map((id) => id.range);
  if (window.fromMs < window.toMs && subtractRanges(window, rest).length > 0) {
    questions.push({ source: 'rest', range: window });
  }
  return questions;
}
