import { nextOpenTime } from '../../domain/interval.ts';
import { seriesName } from '../../domain/series.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { RunReport } from './contract.ts';

/** The numbers of a run that become metrics. */
interface RunMetrics {
  /** Candles, missing intervals and conflicting rows of the shards that this run recomputed. */
  readonly candlesWritten: number;
  readonly gapsFound: number;
  readonly conflicts: number;
  /**
   * Age of the newest candle of each series that has one, from its close to the end of the run. Series of symbols that
   * no longer trade are left out, because their candles only get older.
   */
  readonly newestCandles: readonly { readonly series: string; readonly ageSeconds: number }[];
}

/** Returns the metrics of a run's report. */
export function runMetrics({ series, finishedAtMs }: RunReport): RunMetrics {
  const recomputed = series.flatMap(({ shards }) => shards.filter((shard) => shard.recomputed));
  const newestCandles = series.flatMap(({ series: one, shards, ended }) => {
    if (ended) return [];
    const closes = shards.filter((s) => s.candles > 0).map((s) => nextOpenTime(one.interval, s.lastOpenTimeMs));
    if (closes.length === 0) return [];
    return [{ series: seriesName(one), ageSeconds: Math.max(0, (finishedAtMs - Math.max(...closes)) / 1000) }];
  });
  return {
    candlesWritten: sumOf(recomputed, ({ candles }) => candles),
    gapsFound: sumOf(recomputed, ({ missing }) => missing),
    conflicts: sumOf(recomputed, ({ conflicts }) => conflicts),
    newestCandles,
  };
}
