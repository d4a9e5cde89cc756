import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Chunk } from '../domain/chunk.ts';
import { CorruptObject } from '../domain/errors.ts';
import type { GapClass } from '../domain/gap-class.ts';
import { countOpenTimes } from '../domain/interval.ts';
import { tableKey } from '../domain/keys.ts';
import type { Series } from '../domain/series.ts';
import type { TimeRange } from '../domain/time-range.ts';
import type { PlannedSeries } from '../plan/contract.ts';
import type { ObjectStore } from '../ports.ts';
import type { FailedFile, SeriesReport, ShardReport } from '../refine/contract.ts';
import { candlesInside } from './candles-inside.ts';

/** Classes of the ledger that say for good why there is no candle. */
const EXPLAINED: readonly GapClass[] = ['exchange_absent', 'not_listed', 'settled'];

/**
 * What is known of an archive file that the exchange did not give, or that cannot be read, where other sources brought
 * what it should have: each of its open times that the run wants is a candle, or the ledger says for good why there is
 * none. Undefined otherwise; what could not be had of a file anew is nobody else's to say, and a chunk that failed by a
 * fault of ours is not looked for elsewhere.
 */
export async function madeGood(
  store: ObjectStore,
  { series, range }: PlannedSeries,
  report: SeriesReport | undefined,
  { source, range: file, revision }: Pick<Chunk, 'source' | 'range' | 'revision'>,
): Promise<FailedFile | undefined> {
  const { shards = [], failed = [] } = report ?? {};
  const known = failed.find((one) => one.source === source && one.range.fromMs === file.fromMs);
  if (revision || !known) return undefined;
  const wanted = { fromMs: Math.max(range.fromMs, file.fromMs), toMs: Math.min(range.toMs, file.toMs) };
  let left = countOpenTimes(series.interval, wanted);
  for (const shard of shards) left -= await candlesInside(store, series, wanted, shard);
  if (left === 0) return known;
  for (const shard of shards) left -= await explainedInside(store, series, wanted, shard);
  return left === 0 ? known : undefined;
}

async function explainedInside(
  store: ObjectStore,
  series: Series,
  { fromMs, toMs }: TimeRange,
  { accounted, period }: ShardReport,
): Promise<number> {
  if (EXPLAINED.every((kind) => accounted[kind] === undefined)) return 0;
  const key = tableKey('gaps', series, period);
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is not in the lake, expected by the report of its series`);
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer, compressors });
  return rows
    .filter((row) => EXPLAINED.includes(row['class'] as GapClass))
    .map((row) => ({
      fromMs: Math.max(fromMs, Number(row['from_time'])),
      toMs: Math.min(toMs, Number(row['to_time'])),
    }))
    .reduce((sum, part) => sum + (part.fromMs < part.toMs ? countOpenTimes(series.interval, part) : 0), 0);
}
