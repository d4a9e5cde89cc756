import { parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ColumnSchema, ColumnType } from '../domain/table-schema.ts';
import type { ColumnValues } from './arrow-stream.ts';

/** A table in memory, as the writer takes it and the reader returns it. */
export interface TableValues {
  /** The columns that were read, with their types, in the order of the file. */
  readonly columnSchemas: readonly ColumnSchema[];
  /** Number of rows. */
  readonly length: number;
  /** The values by column: numbers with NaN for null and times in epoch milliseconds, or text with null. */
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/**
 * Reads a Parquet file of the lake. Types and nullability come from the file itself.
 * @param names the columns to read; all if absent. A name that the file lacks is left out.
 * @throws Error if the bytes are not Parquet, or have a type that no table of the lake uses
 */
export async function readTable(parquet: Uint8Array, names?: readonly string[]): Promise<TableValues> {
  const { buffer, byteOffset, byteLength } = parquet;
  const slice = (start: number, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer;
  const metadata = parquetMetadata(slice(0));
  const length = Number(metadata.num_rows);
  const columnSchemas = metadata.schema
    .slice(1)
    .filter(({ name }) => names?.includes(name) ?? true)
    .map(columnSchemaOf);
  const columns = new Map<string, Float64Array | TextColumn>();
  for (const { name, type } of columnSchemas) {
    columns.set(name, type === 'string' ? new TextColumn(length) : new Float64Array(length));
  }
  await parquetRead({
    file: { byteLength, slice },
    metadata,
    columns: [...columns.keys()],
    compressors,
    parsers: { timestampFromMilliseconds: Number },
    onChunk({ columnName, columnData, rowStart }) {
      const column = columns.get(columnName)!;
      if (column instanceof TextColumn) column.set(columnData as (string | null)[], rowStart);
      else for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i] ?? Number.NaN;
    },
  });
  return { columnSchemas, length, columns };
}

/** Text of a column while it is read: each distinct value once, and its number for each row. */
class TextColumn {
  readonly words: (string | null)[] = [];
  readonly codes: Uint32Array;
  private readonly codeOf = new Map<string | null, number>();

  constructor(length: number) {
    this.codes = new Uint32Array(length);
  }

  set(values: readonly (string | null)[], rowStart: number): void {
    values.forEach((value, i) => {
      const word = value ?? null;
      const code = this.codeOf.get(word) ?? this.words.push(word) - 1;
      this.codeOf.set(word, code);
      this.codes[rowStart + i] = code;
    });
  }
}

/** The types of the lake, as Parquet names them. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  INT64: 'timestamp',
  DOUBLE: 'float64',
  FLOAT: 'float32',
  INT32: 'int32',
  BYTE_ARRAY: 'string',
};

function columnSchemaOf({ name, type, converted_type, repetition_type }: SchemaElement): ColumnSchema {
  const columnType = converted_type === 'INT_8' ? 'int8' : TYPES[type ?? ''];
  if (columnType === undefined) throw new Error(`column ${name} has Parquet type ${type}, expected one of the lake's`);
  return { name, type: columnType, nullable: repetition_type === 'OPTIONAL' };
}
