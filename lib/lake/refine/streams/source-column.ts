import type { Source } from '../../../domain/chunk.ts';
import type { Stream } from '../../../domain/stream.ts';
import type { TextValues } from '../../../parquet/table-values.ts';
import { textColumn } from './stream-shard.ts';

/** The column `source`: where each row is from, and `simulated` where none is real. */
export function sourceColumn({ market }: Stream, rows: readonly { readonly source: Source }[]): TextValues {
  return textColumn(rows.map(({ source }) => (market === 'sim' ? 'simulated' : source)));
}
