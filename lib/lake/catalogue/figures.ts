import { nextOpenTime } from '../../domain/interval.ts';
import { seriesName } from '../../domain/series.ts';
import type { RunReport } from './contract.ts';

/** What a run did, as a few numbers to be watched. */
export interface RunFigures {
  /** Candles, missing intervals and conflicting rows of the shards that this run made anew. */
  readonly candlesWritten: number;
  readonly gapsFound: number;
  readonly conflicts: number;
  /**
   * Age of the newest candle of each series that has one, from its close to the end of the run. Series of symbols that
   * no longer trade are left out: their candles only get older.
   */
  readonly newestCandles: readonly { readonly series: string; readonly ageSeconds: number }[];
}

export function figuresOf({ series, finishedAtMs }: RunReport): RunFigures {
  const made = series.flatMap(({ shards }) => shards.filter((shard) => shard.recomputed));
  const sum = (value: (shard: (typeof made)[number]) => number) =>
    made.reduce((total, shard) => total + value(shard), 0);
  const newestCandles = series.flatMap(({ series: one, shards, ended }) => {
    if (ended) return [];
    const closes = shards.filter((s) => s.candles > 0).map((s) => nextOpenTime(one.interval, s.lastOpenTimeMs));
    if (closes.length === 0) return [];
    return [{ series: seriesName(one), ageSeconds: Math.max(0, (finishedAtMs - Math.max(...closes)) / 1000) }];
  });
  return {
    candlesWritten: sum((shard) => shard.candles),
    gapsFound: sum((shard) => shard.missing),
    conflicts: sum((shard) => shard.conflicts),
    newestCandles,
  };
}
