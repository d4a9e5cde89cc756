import { CorruptObject } from '../../domain/errors.ts';
import { countOpenTimes, nextOpenTime } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import type { ObjectStore } from '../../ports.ts';
import { tableKey } from '../keys.ts';
import type { ShardReport } from '../manifest/contract.ts';

/**
 * Number of the shard's candles whose open time lies in the range, exactly. Known from the report where the shard lies
 * wholly inside or outside, or is cut but has no hole; else its open times are read.
 */
export async function candlesInside(
  store: ObjectStore,
  series: Series,
  range: TimeRange,
  shard: ShardReport,
): Promise<number> {
  const { candles, firstOpenTimeMs: firstMs, lastOpenTimeMs: lastMs, period } = shard;
  if (candles === 0 || lastMs < range.fromMs || firstMs >= range.toMs) return 0;
  if (firstMs >= range.fromMs && lastMs < range.toMs) return candles;

  const endMs = nextOpenTime(series.interval, lastMs);
  if (countOpenTimes(series.interval, { fromMs: firstMs, toMs: endMs }) === candles) {
    const fromMs = Math.max(firstMs, range.fromMs);
    return countOpenTimes(series.interval, { fromMs, toMs: Math.min(endMs, range.toMs) });
  }
  const openTimes = await readOpenTimes(store, tableKey('candles', series, period));
  return openTimes.filter((timeMs) => timeMs >= range.fromMs && timeMs < range.toMs).length;
}

async function readOpenTimes(store: ObjectStore, key: string): Promise<Float64Array> {
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is not in the lake, expected by the report of its series`);
  return (await readColumns(bytes, ['open_time'])).open_time;
}
