import { countOpenTimes } from '../../domain/interval.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Plan, PlannedSeries } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { accountedInside } from './accounted-inside.ts';

/** Number of a run's wanted candles that only REST could have given while REST was out of reach. */
export function outOfReachCandles({ archiveOnly, archiveOnlyWanted, series }: Plan): number {
  // With REST in reach, what is left over belongs to symbols that the exchange no longer lists.
  if (!archiveOnly || archiveOnlyWanted) return 0;
  return series.reduce((sum, one) => sum + candlesOf(one), 0);
}

/** Number of the intervals that a series' ledger counts as never asked for, although this run wanted them. */
export async function wantedInVain(
  store: ObjectStore,
  { series, outOfReach }: PlannedSeries,
  report: SeriesReport | undefined,
): Promise<number> {
  let intervals = 0;
  for (const range of outOfReach) {
    for (const shard of report?.shards ?? []) {
      if (shard.unasked > 0) intervals += await accountedInside(store, series, range, shard, ['unknown']);
    }
  }
  return intervals;
}

function candlesOf({ series, outOfReach }: PlannedSeries): number {
  return outOfReach.reduce((sum, range) => sum + countOpenTimes(series.interval, range), 0);
}
