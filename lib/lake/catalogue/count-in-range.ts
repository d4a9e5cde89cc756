import { CorruptObject } from '../../domain/errors.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes, nextOpenTime } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import { sumOf } from '../../domain/sum-of.ts';
import { overlap, type TimeRange } from '../../domain/time-range.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import { readRows } from '../../parquet/read-rows.ts';
import type { ObjectStore } from '../../ports.ts';
import { tableKey } from '../keys.ts';
import type { ShardReport } from '../manifest/contract.ts';

/**
 * Returns the exact number of a shard's candles whose open time is in the range. Reads their open times only if the
 * range cuts a shard that has holes; otherwise the report has the answer.
 * @throws CorruptObject if the table is missing
 */
export async function countCandles(
  store: ObjectStore,
  series: Series,
  range: TimeRange,
  shard: ShardReport,
): Promise<number> {
  const { candles, firstOpenTimeMs: firstMs, lastOpenTimeMs: lastMs, period } = shard;
  if (candles === 0 || lastMs < range.fromMs || firstMs >= range.toMs) return 0;
  if (firstMs >= range.fromMs && lastMs < range.toMs) return candles;

  const whole = { fromMs: firstMs, toMs: nextOpenTime(series.interval, lastMs) };
  if (countOpenTimes(series.interval, whole) === candles) return countCommon(series, whole, range);
  const bytes = await getTable(store, tableKey('candles', series, period));
  const openTimes = (await readColumns(bytes, ['open_time'])).open_time;
  return openTimes.filter((timeMs) => timeMs >= range.fromMs && timeMs < range.toMs).length;
}

/**
 * Returns the number of intervals in the range that the shard's ledger explains by one of these classes.
 * @throws CorruptObject if the table is missing
 */
export async function countExplained(
  store: ObjectStore,
  series: Series,
  range: TimeRange,
  { accounted, period }: ShardReport,
  classes: readonly GapClass[],
): Promise<number> {
  if (classes.every((kind) => accounted[kind] === undefined)) return 0;
  const rows = await readRows(await getTable(store, tableKey('gaps', series, period)), [
    'from_time',
    'to_time',
    'class',
  ]);
  return sumOf(
    rows.filter((row) => classes.includes(row['class'] as GapClass)),
    (row) => countCommon(series, { fromMs: Number(row['from_time']), toMs: Number(row['to_time']) }, range),
  );
}

/** Returns the number of open times that two ranges have in common. */
function countCommon({ interval }: Series, a: TimeRange, b: TimeRange): number {
  const common = overlap(a, b);
  return common.fromMs < common.toMs ? countOpenTimes(interval, common) : 0;
}

async function getTable(store: ObjectStore, key: string): Promise<Uint8Array> {
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is not in the lake, expected by the report of its series`);
  return bytes;
}
