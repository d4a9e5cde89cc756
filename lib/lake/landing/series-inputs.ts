import { nominalMs } from '../../domain/interval.ts';
import { periodsIn } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Manifest } from '../manifest/contract.ts';
import { type DecodedShard, decodeShard } from './decode-shard.ts';
import { createLandedInputs, type LandedInputs } from './landed-inputs.ts';
import { pageOf } from './open-page.ts';
import { sameInputs } from './shard-inputs.ts';

/** The landed objects of a series that count, decoded as candles. */
export type SeriesInputs = LandedInputs<Series, DecodedShard, Manifest>;

export function createSeriesInputs(store: ObjectStore, series: Series): Promise<SeriesInputs> {
  const { interval } = series;
  return createLandedInputs(store, series, {
    periodsIn: (range) => seriesPeriodsIn(series, range),
    pageOf: (timeMs) => pageOf(interval, timeMs),
    decode: (period, inputs) => decodeShard(store, interval, period, inputs),
    isMadeFrom: sameInputs,
  });
}

/** The periods of a series in which the candles of a range are. */
export function seriesPeriodsIn({ interval }: Series, range: TimeRange): string[] {
  return nominalMs(interval) >= DAY_MS ? ['all'] : periodsIn(interval, range);
}
