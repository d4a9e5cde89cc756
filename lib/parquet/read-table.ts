import { parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ColumnSchema, ColumnType } from '../domain/table-schema.ts';
import type { TableValues } from './table-values.ts';

/**
 * Reads a Parquet file of the lake. The library is not the one that wrote the file. Types and nullability come from the file.
 * @param names the columns to read; all if absent
 * @throws Error if the bytes are not Parquet, a column is missing, or a type is not one of the lake
 */
export async function readTable(parquet: Uint8Array, names?: readonly string[]): Promise<TableValues> {
  const { buffer, byteOffset, byteLength } = parquet;
  const slice = (start: number, end = byteLength) => buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer;
  const metadata = parquetMetadata(slice(0));
  const length = Number(metadata.num_rows);
  const inFile = metadata.schema.slice(1);
  const missing = names?.find((wanted) => !inFile.some(({ name }) => name === wanted));
  if (missing !== undefined) throw new Error(`column ${missing} is not in the file`);
  const columnSchemas = inFile.filter(({ name }) => names?.includes(name) ?? true).map(columnSchemaOf);
  const columns = new Map(
    columnSchemas.map(({ name, type }) => [
      name,
      type === 'string' ? new TextColumn(length) : new Float64Array(length),
    ]),
  );
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

/** The text of a column while it is read: each distinct value once, and for each row the number of its value. */
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

/** The types of the lake by their names in Parquet. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  INT64: 'timestamp',
  DOUBLE: 'float64',
  FLOAT: 'float32',
  INT32: 'int32',
  BYTE_ARRAY: 'string',
};

function columnSchemaOf({ name, type, converted_type, repetition_type }: SchemaElement): ColumnSchema {
  const columnType = converted_type === 'INT_8' ? 'int8' : TYPES[type ?? ''];
  if (columnType === undefined) throw new Error(`column ${name} has Parquet type ${type}, expected a type of the lake`);
  return { name, type: columnType, nullable: repetition_type === 'OPTIONAL' };
}
