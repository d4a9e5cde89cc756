import { sha256 } from '../../domain/sha256.ts';
import type { Table } from '../../domain/tables.ts';
import { encodeTable } from '../../parquet/encode-table.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { ColumnValues, TableValues } from '../../parquet/table-values.ts';
import type { ObjectStore } from '../../ports.ts';
import { keptKey, tableKey } from '../keys.ts';
import type { VersionRecord } from './contract.ts';

/**
 * The time column by which the rows of an earlier version are cut out of a later one that only grew. Undefined for a
 * table whose rows may change when it grows, so that it must be kept.
 */
const CUT_BY: Readonly<Record<Table, 'open_time' | 'known_at' | undefined>> = {
  candles: 'open_time',
  features: 'open_time',
  labels: 'known_at',
  gaps: undefined,
};

/** Returns true if a later version of the table that only grew contains every row of an earlier one. */
export function isGrowing(table: Table): boolean {
  return CUT_BY[table] !== undefined;
}

/**
 * Copies tables of a version before their objects are replaced. If a run stopped after it had replaced a table by a
 * longer one, the version's rows are cut out of the longer table. A damaged table is not copied.
 * @returns the published bytes by table
 */
export async function keepTables(
  store: ObjectStore,
  version: VersionRecord,
  tables: readonly Table[],
): Promise<ReadonlyMap<Table, Uint8Array>> {
  const { series, period } = version.manifest;
  const found = new Map<Table, Uint8Array>();
  for (const table of tables) {
    const key = keptKey(series, period, version.manifestSha256, table);
    const kept = await store.get(key);
    const there = kept ?? (await store.get(tableKey(table, series, period)));
    const bytes = there && (await restoreTable(table, there, version));
    if (!bytes) continue;
    found.set(table, bytes);
    if (!kept) await store.put(key, bytes);
  }
  return found;
}

/**
 * Cuts a table of a version out of the table of a later version that grew from it: its rows, with the sources that they
 * had then. Equal values give equal Parquet bytes, so the result is exactly the published object.
 * @returns undefined if the bytes differ, because the later version did not only grow
 */
export async function restoreTable(
  table: Table,
  later: Uint8Array,
  version: VersionRecord,
): Promise<Uint8Array | undefined> {
  const { sha256: wanted, rows: length } = version.manifest.outputs[table];
  if (sha256(later) === wanted) return later;
  if (!isGrowing(table)) return undefined;
  const values = await readTable(later).catch(() => undefined);
  const rows = values && rowsOf(table, values, version);
  if (rows?.length !== length) return undefined;
  const columns = new Map([...values!.columns].map(([name, column]) => [name, pick(column, rows)] as const));
  if (table === 'candles') columns.set('source', sourcesOf(version, length));
  const bytes = encodeTable({ name: table, columns: values!.columnSchemas }, length, columns);
  return sha256(bytes) === wanted ? bytes : undefined;
}

/**
 * Returns the rows up to the version's last candle; of labels, those decided by the candles that the version could use.
 */
function rowsOf(table: Table, { columns }: TableValues, version: VersionRecord): Uint32Array {
  const column = CUT_BY[table]!;
  const times = columns.get(column) as Float64Array;
  const untilMs = column === 'known_at' ? version.knownUntilMs : version.manifest.report.lastOpenTimeMs;
  return Uint32Array.from(times.keys()).filter((row) => times[row]! <= untilMs);
}

function pick(column: ColumnValues, rows: Uint32Array): ColumnValues {
  if (!(column instanceof Float64Array)) {
    return { words: column.words, codes: Uint32Array.from(rows, (row) => column.codes[row]!) };
  }
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]!]!;
  return picked;
}

function sourcesOf({ sources }: VersionRecord, length: number): ColumnValues {
  const words = [...new Set(sources.map(({ source }) => source))];
  const codes = new Uint8Array(length);
  let row = 0;
  for (const { source, candles } of sources) {
    codes.fill(words.indexOf(source), row, row + candles);
    row += candles;
  }
  return { words, codes };
}
