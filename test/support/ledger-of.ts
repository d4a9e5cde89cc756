import { createHash } from 'node:crypto';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Source } from '../../lib/domain/chunk.ts';
import type { GapClass } from '../../lib/domain/gap-class.ts';
import type { ListingFact } from '../../lib/domain/listing.ts';
import type { Series } from '../../lib/domain/series.ts';
import type { TimeRange } from '../../lib/domain/time-range.ts';
import { failureKey, gridEndKey, listingKey, type Table, tablePrefix } from '../../lib/lake/keys.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import type { RefinedLake } from './refined-lake.ts';

/** A row of the ledger as a reader sees it, the evidence parsed. */
export interface LedgerRow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly class: GapClass;
  readonly intervals: number;
  readonly candles: number;
  readonly knownAtMs: number;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Where the tables of a series are. */
interface LakeOfSeries {
  readonly store: ObjectStore;
  readonly series: Series;
}

/** The ledger of a lake, all shards of its series in order. */
export async function ledgerOf(lake: LakeOfSeries): Promise<LedgerRow[]> {
  return (await tableOf(lake, 'gaps')).map((row) => ({
    fromMs: Number(row['from_time']),
    toMs: Number(row['to_time']),
    class: row['class'] as GapClass,
    intervals: row['intervals'] as number,
    candles: row['candles'] as number,
    knownAtMs: Number(row['known_at']),
    evidence: JSON.parse(row['evidence'] as string) as Record<string, unknown>,
  }));
}

/** Open times of all candles of a lake. */
export async function candleTimesOf(lake: LakeOfSeries): Promise<number[]> {
  return (await tableOf(lake, 'candles')).map((row) => Number(row['open_time']));
}

export async function tableOf({ store, series }: LakeOfSeries, table: Table): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const { key } of await store.list(tablePrefix(table, series))) {
    const file = Uint8Array.from((await store.get(key))!).buffer;
    rows.push(...(await parquetReadObjects({ file, compressors })));
  }
  return rows;
}

/** Lands what is told of the symbol's life, as the plan stage does. */
export async function tell({ store, series }: LakeOfSeries, fact: Omit<ListingFact, 'market' | 'symbol'>) {
  const { market, symbol } = series;
  const bytes = Buffer.from(JSON.stringify({ market, symbol, ...fact }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await store.put(listingKey(market, symbol, sha256), bytes);
  return sha256;
}

/** Writes down a chunk that could not be had, as the fetch stage does. */
export async function fail(
  { store, series }: RefinedLake,
  { source, range, asOfMs, atMs = asOfMs }: { source: Source; range: TimeRange; asOfMs: number; atMs?: number },
) {
  const chunk = { series, source, range, asOfMs, sizeBytes: 1 };
  const record = { ...chunk, error: 'CorruptObject', message: 'it has another sha256', atMs };
  await store.put(failureKey(chunk), Buffer.from(JSON.stringify(record)));
}

/** Says how far the grid had come, as the plan stage does. */
export async function endGrid({ store, series }: RefinedLake, gridEndMs: number): Promise<void> {
  await store.put(gridEndKey(series, gridEndMs), Buffer.from('{}'));
}
