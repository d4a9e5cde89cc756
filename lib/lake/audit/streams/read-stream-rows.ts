import type { Stream } from '../../../domain/stream.ts';
import { STREAM_SCHEMAS } from '../../../domain/stream-schemas.ts';
import { readRows, type TableRow } from '../../../parquet/read-rows.ts';

/**
 * Reads the rows of a stream's table.
 * @throws Error if the bytes are not Parquet, or have other columns than the table
 */
export async function readStreamRows({ name }: Stream, bytes: Uint8Array): Promise<TableRow[]> {
  const rows = await readRows(bytes);
  const expected = STREAM_SCHEMAS[name].columns.map((column) => column.name).join(' ');
  const found = rows[0] ? Object.keys(rows[0]).join(' ') : expected;
  if (found !== expected) throw new Error(`columns ${found}`);
  return rows;
}
