import { countOpenTimes } from '../../domain/interval.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Plan, PlannedSeries } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { countExplained } from './count-in-range.ts';

/** Returns the number of a run's wanted candles that only REST has, if REST was out of reach. */
export function outOfReachCandles({ archiveOnly, archiveOnlyWanted, series: planned }: Plan): number {
  // If REST is in reach, the remaining ranges belong to symbols that the exchange no longer lists.
  if (!archiveOnly || archiveOnlyWanted) return 0;
  return sumOf(planned, ({ series, outOfReach }) =>
    sumOf(outOfReach, (range) => countOpenTimes(series.interval, range)),
  );
}

/** Returns the number of intervals that a series' ledger counts as never requested, although this run wanted them. */
export async function wantedInVain(
  store: ObjectStore,
  { series, outOfReach }: PlannedSeries,
  report: SeriesReport | undefined,
): Promise<number> {
  let intervals = 0;
  for (const range of outOfReach) {
    for (const shard of report?.shards ?? []) {
      if (shard.unasked > 0) intervals += await countExplained(store, series, range, shard, ['unknown']);
    }
  }
  return intervals;
}
