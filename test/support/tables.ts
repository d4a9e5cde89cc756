import type { GapClass } from '../../lib/domain/gap-class.ts';
import type { Table } from '../../lib/domain/tables.ts';
import { tablePrefix } from '../../lib/lake/keys.ts';
import type { LakeOfSeries } from './landing.ts';
import { parquetRows } from './parquet.ts';

/** A row of the ledger, its evidence parsed. */
export interface LedgerRow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly class: GapClass;
  readonly intervals: number;
  readonly candles: number;
  readonly knownAtMs: number;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Returns the ledger of a series, all shards in order. */
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

/** Returns the open times of all candles of a series. */
export async function candleTimesOf(lake: LakeOfSeries): Promise<number[]> {
  return (await tableOf(lake, 'candles')).map((row) => Number(row['open_time']));
}

/** Returns the rows of a table of a series, all shards in order. */
export async function tableOf({ store, series }: LakeOfSeries, table: Table): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const { key } of await store.list(tablePrefix(table, series))) {
    rows.push(...(await parquetRows((await store.get(key))!)));
  }
  return rows;
}
