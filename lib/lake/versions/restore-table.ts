import { sha256 } from '../../domain/sha256.ts';
import { encodeTable } from '../../parquet/encode-table.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { ColumnValues, TableValues } from '../../parquet/table-values.ts';
import type { Table } from '../keys.ts';
import type { VersionRecord } from './contract.ts';

/** Tables of which a later version that only grew holds every row of an earlier one. */
const GROWING: ReadonlySet<Table> = new Set(['candles', 'features', 'labels']);

export function isGrowing(table: Table): boolean {
  return GROWING.has(table);
}

/**
 * The bytes of a table of a version, cut out of those of a later version that grew from it: the rows it had, with the
 * sources they had then. Parquet bytes are a function of the values, so they are the very bytes that were published.
 * @returns undefined where other bytes come out, or none: the later version is not one that grew from it.
 */
export async function restoreTable(
  table: Table,
  later: Uint8Array,
  version: VersionRecord,
): Promise<Uint8Array | undefined> {
  const wanted = version.manifest.outputs[table].sha256;
  if (sha256(later) === wanted) return later;
  if (!isGrowing(table)) return undefined;
  const values = await readTable(later).catch(() => undefined);
  if (!values) return undefined;
  const rows = rowsOf(table, values, version);
  if (rows.length !== version.manifest.outputs[table].rows) return undefined;
  const columns = new Map([...values.columns].map(([name, column]) => [name, pick(column, rows)] as const));
  if (table === 'candles') columns.set('source', sourcesOf(version, rows.length));
  const bytes = encodeTable({ name: table, columns: values.columnSchemas }, rows.length, columns);
  return sha256(bytes) === wanted ? bytes : undefined;
}

/** Candles and features: up to the version's last candle. Labels: those decided by the candles that it could look at. */
function rowsOf(table: Table, { length, columns }: TableValues, version: VersionRecord): Uint32Array {
  const [name, untilMs] =
    table === 'labels'
      ? (['known_at', version.knownUntilMs] as const)
      : (['open_time', version.manifest.report.lastOpenTimeMs] as const);
  const times = columns.get(name) as Float64Array;
  const rows = new Uint32Array(length);
  let kept = 0;
  for (let row = 0; row < length; row++) if (times[row]! <= untilMs) rows[kept++] = row;
  return rows.subarray(0, kept);
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
