import type { Source } from '../../domain/chunk.ts';
import { floorOpenTime, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { LandingId } from '../keys.ts';

const HOUR_MS = 3_600_000;

/** One request to the exchange: the candles of a range from a source. */
export interface SampleQuestion {
  readonly source: Source;
  readonly range: TimeRange;
}

/**
 * Divides a series into the units of a sample: days, or single candles if those are longer.
 * @param candles from the first open time to the end of the last candle
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
 * Returns the requests about a unit: one for each source that has not landed for it. REST is asked for one hour of the
 * day if a whole day has more than a handful of candles.
 * @param whole true if REST is asked for the whole day
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
    readonly landed: readonly Pick<LandingId, 'source' | 'range'>[];
    readonly nowMs: number;
    readonly whole: boolean;
    readonly random: () => number;
  },
): SampleQuestion[] {
  // The hour is drawn in any case, so that the following draws do not depend on what has landed.
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
  // Candles before the first or after the last of the lake are not requested: they may not have closed.
  const window = { fromMs: Math.max(asked.fromMs, candles.fromMs), toMs: Math.min(asked.toMs, candles.toMs) };
  const rest = landed.filter((id) => id.source === 'rest').map((id) => id.range);
  if (window.fromMs < window.toMs && subtractRanges(window, rest).length > 0) {
    questions.push({ source: 'rest', range: window });
  }
  return questions;
}
