import { GAP_CLASSES } from '../../domain/gap-class.ts';
import { sumOf } from '../../domain/sum-of.ts';
import type { ShardReport } from '../manifest/contract.ts';
import type { SeriesLedger } from './contract.ts';

/** Returns the sum of the ledgers of several shards. Classes have their usual order. */
export function addLedgers(shards: readonly Pick<ShardReport, keyof SeriesLedger>[]): SeriesLedger {
  const accounted = GAP_CLASSES.flatMap((kind) => {
    const intervals = sumOf(shards, (shard) => shard.accounted[kind]?.intervals ?? 0);
    const candles = sumOf(shards, (shard) => shard.accounted[kind]?.candles ?? 0);
    return intervals > 0 ? [[kind, { intervals, candles }]] : [];
  });
  return {
    grid: sumOf(shards, ({ grid }) => grid),
    candles: sumOf(shards, ({ candles }) => candles),
    accounted: Object.fromEntries(accounted),
    unasked: sumOf(shards, ({ unasked }) => unasked),
  };
}
