import type { ColumnType, TableSchema } from '../../domain/table-schema.ts';
import type { ColumnValues } from '../table-values.ts';
import { ByteWriter } from './byte-writer.ts';
import { encodeColumn } from './encode-column.ts';
import { MAGIC } from './format.ts';
import type { PageKernels } from './page-kernels.ts';
import { writeChunk } from './write-chunk.ts';
import { type WrittenRowGroup, writeFooter } from './write-footer.ts';

/** The number of rows per row group. */
const ROW_GROUP_ROWS = 131_072;

/** Writes a table as Parquet. `encodeTable` says what its arguments are. */
export function writeTable(
  kernels: PageKernels,
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
  memory: ArrayBuffer = new ArrayBuffer(likelySize(schema, length)),
): Uint8Array {
  const file = new ByteWriter(new Uint8Array(memory));
  file.append(MAGIC);
  const groups: WrittenRowGroup[] = [];
  for (let begin = 0; begin < length; begin += ROW_GROUP_ROWS) {
    const range = [begin, Math.min(begin + ROW_GROUP_ROWS, length)] as const;
    const rows = range[1] - begin;
    const chunks = schema.columns.map((column) => {
      const encoder = encodeColumn(kernels, column, columns.get(column.name)!, range);
      return writeChunk(file, kernels, encoder, rows);
    });
    groups.push({ rows, chunks });
  }
  writeFooter(file, schema, groups);
  return file.written();
}

/** The bytes per value that most columns of a type need at most. */
const LIKELY_WIDTHS: Readonly<Record<ColumnType, number>> = {
  timestamp: 1,
  float64: 8.1,
  float32: 4.1,
  int32: 4,
  int8: 1,
  string: 1,
};

/** The bytes of a column beside its values: heads of its pages, its part of the footer. */
const COLUMN_BYTES = 512;

/** Returns a size that the file seldom exceeds. The system gives no memory for the part that is not written. */
function likelySize({ columns }: TableSchema, length: number): number {
  return columns.reduce((sum, { type }) => sum + COLUMN_BYTES + Math.ceil(LIKELY_WIDTHS[type] * length), 512);
}
