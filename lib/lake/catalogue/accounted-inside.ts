import { CorruptObject } from '../../domain/errors.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import { countOpenTimes } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { readRows } from '../../parquet/read-rows.ts';
import type { ObjectStore } from '../../ports.ts';
import { tableKey } from '../keys.ts';
import type { ShardReport } from '../manifest/contract.ts';

/** Number of the intervals in the range that the shard's ledger accounts for by one of these classes. */
export async function accountedInside(
  store: ObjectStore,
  series: Series,
  { fromMs, toMs }: TimeRange,
  { accounted, period }: ShardReport,
  classes: readonly GapClass[],
): Promise<number> {
  if (classes.every((kind) => accounted[kind] === undefined)) return 0;
  const key = tableKey('gaps', series, period);
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is not in the lake, expected by the report of its series`);
  const rows = await readRows(bytes, ['from_time', 'to_time', 'class']);
  return rows
    .filter((row) => classes.includes(row['class'] as GapClass))
    .map((row) => ({
      fromMs: Math.max(fromMs, Number(row['from_time'])),
      toMs: Math.min(toMs, Number(row['to_time'])),
    }))
    .reduce((sum, part) => sum + (part.fromMs < part.toMs ? countOpenTimes(series.interval, part) : 0), 0);
}
