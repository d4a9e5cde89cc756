import type { ByteWriter } from './byte-writer.ts';
import type { ChunkEncoder, Dictionary } from './chunk-encoder.ts';
import { ENCODINGS, type Encoding, PAGE_TYPES } from './format.ts';
import type { PageKernels } from './page-kernels.ts';
import { PAGE_ROWS } from './page-memory.ts';
import { snappy } from './snappy.ts';
import type { Statistics } from './statistics.ts';
import { ThriftWriter } from './thrift-writer.ts';

/** A data page, as the offset index has it. */
export interface PageLocation {
  readonly offset: number;
  readonly size: number;
  /** Its first row in the row group. */
  readonly firstRow: number;
}

/** A column of a row group, as the footer describes it. Offsets are from the begin of the file. */
export interface WrittenChunk {
  readonly encodings: readonly Encoding[];
  readonly rows: number;
  readonly dictionaryOffset?: number;
  /** The offset of the first data page. */
  readonly dataOffset: number;
  readonly pages: readonly PageLocation[];
  /** Sizes with the heads of the pages. */
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly statistics: Statistics;
}

/** Appends the pages of a column of a row group, compressed by Snappy. */
export function writeChunk(file: ByteWriter, kernels: PageKernels, encoder: ChunkEncoder, rows: number): WrittenChunk {
  const { encoding, dictionary } = encoder;
  const begin = file.length;
  const dictionarySize = dictionary ? appendPage(file, kernels, dictionary.bytes, dictionaryHeader(dictionary)) : 0;
  const dataBegin = file.length;
  const pages: PageLocation[] = [];
  let uncompressedSize = dictionarySize;
  for (let firstRow = 0; firstRow < rows; firstRow += PAGE_ROWS) {
    const end = Math.min(firstRow + PAGE_ROWS, rows);
    const offset = file.length;
    const body = encoder.page(firstRow, end);
    uncompressedSize += appendPage(file, kernels, body, dataHeader(encoding, end - firstRow));
    pages.push({ offset, size: file.length - offset, firstRow });
  }
  return {
    encodings: dictionary ? ['PLAIN', 'RLE', encoding] : ['RLE', encoding],
    rows,
    ...(dictionary && { dictionaryOffset: begin }),
    dataOffset: dataBegin,
    pages,
    compressedSize: file.length - begin,
    uncompressedSize,
    statistics: encoder.statistics(),
  };
}

interface PageHeader {
  readonly type: number;
  writeFields(thrift: ThriftWriter): void;
}

function dictionaryHeader({ count }: Dictionary): PageHeader {
  return {
    type: PAGE_TYPES.dictionary,
    writeFields(thrift) {
      thrift.structField(7, () => {
        thrift.int32Field(1, count);
        thrift.int32Field(2, ENCODINGS.PLAIN);
      });
    },
  };
}

function dataHeader(encoding: Encoding, rows: number): PageHeader {
  return {
    type: PAGE_TYPES.data,
    writeFields(thrift) {
      thrift.structField(5, () => {
        thrift.int32Field(1, rows);
        thrift.int32Field(2, ENCODINGS[encoding]);
        // The encodings of the definition levels, and of the repetition levels, which a flat table lacks.
        thrift.int32Field(3, ENCODINGS.RLE);
        thrift.int32Field(4, ENCODINGS.RLE);
      });
    },
  };
}

/** Appends a page (parquet.thrift, PageHeader) and returns its size before compression, its header included. */
function appendPage(file: ByteWriter, kernels: PageKernels, body: Uint8Array, header: PageHeader): number {
  const compressed = snappy(kernels, body);
  const begin = file.length;
  const thrift = new ThriftWriter(file);
  thrift.struct(() => {
    thrift.int32Field(1, header.type);
    thrift.int32Field(2, body.length);
    thrift.int32Field(3, compressed.length);
    header.writeFields(thrift);
  });
  const headerSize = file.length - begin;
  file.append(compressed);
  return headerSize + body.length;
}
