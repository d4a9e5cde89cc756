import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';

/** A row of a stream's table: times as epoch ms, null where the exchange does not say. */
export type StreamRow = Readonly<Record<string, number | string | null>>;

/**
 * Rows of a table's bytes, read by another library than the one that wrote them.
 * @throws Error where they are no Parquet, or of other columns than the table has
 */
export async function readStreamRows({ name }: Stream, bytes: Uint8Array): Promise<StreamRow[]> {
  const { buffer, byteOffset, byteLength } = bytes;
  const file = {
    byteLength,
    slice: (start: number, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer,
  };
  const parsers = { timestampFromMilliseconds: Number };
  const rows = (await parquetReadObjects({ file, compressors, parsers })) as StreamRow[];
  const expected = STREAM_TABLE[name].schema.columns.map((column) => column.name).join(' ');
  const found = rows[0] ? Object.keys(rows[0]).join(' ') : expected;
  if (found !== expected) throw new Error(`columns ${found}`);
  return rows;
}
