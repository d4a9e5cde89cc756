import { GAP_CLASSES } from '../../domain/gap-class.ts';
import type { Accounted, ShardReport } from '../manifest/contract.ts';
import type { SeriesLedger } from './contract.ts';

/** What the ledgers of several shards say together; classes in their usual order. */
export function addLedgers(shards: readonly Pick<ShardReport, keyof SeriesLedger>[]): SeriesLedger {
  const sum = (value: (shard: (typeof shards)[number]) => number) =>
    shards.reduce((total, shard) => total + value(shard), 0);
  const accounted: Accounted = Object.fromEntries(
    GAP_CLASSES.flatMap((kind) => {
      const intervals = sum((shard) => shard.accounted[kind]?.intervals ?? 0);
      const candles = sum((shard) => shard.accounted[kind]?.candles ?? 0);
      return intervals > 0 ? [[kind, { intervals, candles }]] : [];
    }),
  );
  return {
    grid: sum((shard) => shard.grid),
    candles: sum((shard) => shard.candles),
    accounted,
    unasked: sum((shard) => shard.unasked),
  };
}
