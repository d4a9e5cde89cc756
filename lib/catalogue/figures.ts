import { nextOpenTime } from '../domain/interval.ts';
import type { RunReport } from './contract.ts';

/** What a run did, as a few numbers to be watched. */
export interface RunFigures {
  /** Candles, missing intervals and conflicting rows of the shards that this run made anew. */
  readonly candlesWritten: number;
  readonly gapsFound: number;
  readonly conflicts: number;
  /** Age of the newest candle of the freshest and of the stalest series, from its close to the end of the run; empty without candles. */
  readonly newestCandleAgeSeconds: readonly number[];
}

export function figuresOf({ series, finishedAtMs }: RunReport): RunFigures {
  const made = series.flatMap(({ shards }) => shards.filter((shard) => shard.recomputed));
  const sum = (value: (shard: (typeof made)[number]) => number) =>
    made.reduce((total, shard) => total + value(shard), 0);
  const ages = series.flatMap(({ series: { interval }, shards }) => {
    const closes = shards.filter((s) => s.candles > 0).map((s) => nextOpenTime(interval, s.lastOpenTimeMs));
    return closes.length === 0 ? [] : [Math.max(0, (finishedAtMs - Math.max(...closes)) / 1000)];
  });
  return {
    candlesWritten: sum((shard) => shard.candles),
    gapsFound: sum((shard) => shard.missing),
    conflicts: sum((shard) => shard.conflicts),
    newestCandleAgeSeconds: ages.length === 0 ? [] : [Math.min(...ages), Math.max(...ages)],
  };
}
