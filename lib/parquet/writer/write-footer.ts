import type { ColumnSchema, TableSchema } from '../../domain/table-schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ENCODINGS, MAGIC, PHYSICAL_TYPES, SNAPPY } from './format.ts';
import { PARQUET_TYPES, writeSchemaElement } from './schema-element.ts';
import type { Statistics } from './statistics.ts';
import { ThriftWriter } from './thrift-writer.ts';
import type { WrittenChunk } from './write-chunk.ts';

/** The chunks of a row group, in the order of the schema. */
export interface WrittenRowGroup {
  readonly rows: number;
  readonly chunks: readonly WrittenChunk[];
}

/** The writer's name and version. Some readers need them before they trust the bounds of text. */
const CREATED_BY = 'candlelake version 1';

/** Writes what follows the pages: the offset indexes, the footer with its size, and the magic bytes. */
export function writeFooter(file: ByteWriter, schema: TableSchema, groups: readonly WrittenRowGroup[]): void {
  const indexes = groups.map(({ chunks }) => chunks.map((chunk) => writeOffsetIndex(file, chunk)));
  const begin = file.length;
  const thrift = new ThriftWriter(file);
  const { columns } = schema;
  thrift.struct(() => {
    thrift.int32Field(1, 1);
    thrift.structListField(2, [undefined, ...columns], (column) => {
      if (column) return writeSchemaElement(thrift, column);
      thrift.textField(4, 'schema');
      thrift.int32Field(5, columns.length);
    });
    const rows = groups.reduce((sum, group) => sum + group.rows, 0);
    thrift.int64Field(3, rows);
    thrift.structListField(4, groups, (group, g) => writeRowGroup(thrift, columns, group, indexes[g]!, g));
    thrift.textField(6, CREATED_BY);
    // The order of each column is that of its type, so that its bounds count.
    thrift.structListField(7, columns, () => thrift.structField(1, () => {}));
  });
  file.int32(file.length - begin);
  file.append(MAGIC);
}

interface Placed {
  readonly offset: number;
  readonly size: number;
}

/** Writes where the pages of a chunk are (PageIndex.md), so that a reader can skip to a row. */
function writeOffsetIndex(file: ByteWriter, { pages }: WrittenChunk): Placed {
  const offset = file.length;
  const thrift = new ThriftWriter(file);
  thrift.struct(() => {
    thrift.structListField(1, pages, (page) => {
      thrift.int64Field(1, page.offset);
      thrift.int32Field(2, page.size);
      thrift.int64Field(3, page.firstRow);
    });
  });
  return { offset, size: file.length - offset };
}

function writeRowGroup(
  thrift: ThriftWriter,
  columns: readonly ColumnSchema[],
  { rows, chunks }: WrittenRowGroup,
  indexes: readonly Placed[],
  ordinal: number,
): void {
  const sum = (size: (chunk: WrittenChunk) => number) => chunks.reduce((total, chunk) => total + size(chunk), 0);
  thrift.structListField(1, chunks, (chunk, c) => {
    // The metadata is nowhere else than here.
    thrift.int64Field(2, 0);
    thrift.structField(3, () => writeChunkMetadata(thrift, columns[c]!, chunk));
    thrift.int64Field(4, indexes[c]!.offset);
    thrift.int32Field(5, indexes[c]!.size);
  });
  thrift.int64Field(
    2,
    sum(({ uncompressedSize }) => uncompressedSize),
  );
  thrift.int64Field(3, rows);
  thrift.int64Field(5, chunks[0]?.dictionaryOffset ?? chunks[0]?.dataOffset ?? MAGIC.length);
  thrift.int64Field(
    6,
    sum(({ compressedSize }) => compressedSize),
  );
  thrift.int16Field(7, ordinal);
}

function writeChunkMetadata(thrift: ThriftWriter, { name, type }: ColumnSchema, chunk: WrittenChunk): void {
  thrift.int32Field(1, PHYSICAL_TYPES[PARQUET_TYPES[type].physical]);
  thrift.int32ListField(2, [...new Set(chunk.encodings.map((encoding) => ENCODINGS[encoding]))]);
  thrift.textListField(3, [name]);
  thrift.int32Field(4, SNAPPY);
  thrift.int64Field(5, chunk.rows);
  thrift.int64Field(6, chunk.uncompressedSize);
  thrift.int64Field(7, chunk.compressedSize);
  thrift.int64Field(9, chunk.dataOffset);
  if (chunk.dictionaryOffset !== undefined) thrift.int64Field(11, chunk.dictionaryOffset);
  thrift.structField(12, () => writeStatistics(thrift, chunk.statistics));
}

function writeStatistics(thrift: ThriftWriter, { nulls, min, max }: Statistics): void {
  thrift.int64Field(3, nulls);
  if (!min || !max) return;
  thrift.binaryField(5, max.bytes);
  thrift.binaryField(6, min.bytes);
  thrift.boolField(7, max.isExact);
  thrift.boolField(8, min.isExact);
}
