import * as arrow from 'apache-arrow';
import {
  Compression,
  EnabledStatistics,
  Encoding,
  Table,
  transformParquetStream,
  type WriterProperties,
  WriterPropertiesBuilder,
  WriterVersion,
} from 'parquet-wasm';
import { arrowBatches, BATCH_ROWS } from '../parquet/arrow-batches.ts';
import type { ResultStream } from '../ports.ts';
import type { ExportFormat } from './contract.ts';
import { csvLine } from './format-csv.ts';

/** Encodes a result as a file, part by part: memory holds one batch, not the result. */
export function encodeResult(result: ResultStream, format: ExportFormat): AsyncIterable<Uint8Array> {
  return ENCODERS[format](result);
}

const ENCODERS: Readonly<Record<ExportFormat, (result: ResultStream) => AsyncIterable<Uint8Array>>> = {
  parquet,
  csv,
  json,
  arrow: arrowFile,
};

async function* csv({ columns, batches }: ResultStream): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(columns.map(({ name }) => name)));
  for await (const batch of batches) yield Buffer.from(rowsOf(batch).map(csvLine).join(''));
}

/** An array of objects, one per line, as `lake query --json` prints it. */
async function* json({ columns, batches }: ResultStream): AsyncGenerator<Uint8Array> {
  const names = columns.map(({ name }) => name);
  let begin = '[\n';
  for await (const batch of batches) {
    const lines = rowsOf(batch).map((row) => JSON.stringify(Object.fromEntries(row.map((v, i) => [names[i], v]))));
    if (lines.length === 0) continue;
    yield Buffer.from(begin + lines.join(',\n'));
    begin = ',\n';
  }
  yield Buffer.from(begin === '[\n' ? '[]\n' : '\n]\n');
}

function rowsOf(batch: readonly (readonly unknown[])[]): unknown[][] {
  return Array.from({ length: batch[0]?.length ?? 0 }, (_, row) => batch.map((values) => values[row]));
}

/** The Arrow IPC file format, which is Feather's second version. */
async function* arrowFile(result: ResultStream): AsyncGenerator<Uint8Array> {
  const writer = await arrow.RecordBatchFileWriter.writeAll(arrowBatches(result));
  for await (const part of writer) yield part;
}

async function* parquet(result: ResultStream): AsyncGenerator<Uint8Array> {
  const batches = arrowBatches(result);
  // There is always a first batch, and it has the schema.
  const first = (await batches.next()).value as arrow.RecordBatch;
  async function* all(): AsyncGenerator<arrow.RecordBatch> {
    yield first;
    yield* batches;
  }
  // The writer replaces an error of its input by one of its own.
  let failure: unknown;
  const input = new ReadableStream(
    inWasm(all(), (error) => (failure = error)),
    { highWaterMark: 0 },
  );
  try {
    for await (const part of await transformParquetStream(input, properties(first.schema))) yield part;
  } catch (error) {
    throw failure ?? error;
  }
  if (failure) throw failure;
}

/** Copies batches into the writer's memory, one when it asks for one. */
function inWasm(batches: AsyncGenerator<arrow.RecordBatch>, failed: (error: unknown) => void) {
  return {
    async pull(controller: ReadableStreamDefaultController): Promise<void> {
      try {
        const next = await batches.next();
        if (next.done) return controller.close();
        const table = Table.fromIPCStream(arrow.RecordBatchStreamWriter.writeAll([next.value]).toUint8Array(true));
        for (const batch of table.recordBatches()) controller.enqueue(batch);
        // The batches outlive the table; without this the memory of all of them is kept until the end.
        table.free();
      } catch (error) {
        failed(error);
        controller.error(error);
      }
    },
  };
}

/**
 * As the tables of the lake are written: dictionaries for text alone, times as differences, floats compressed lightly.
 */
function properties(schema: arrow.Schema): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setWriterVersion(WriterVersion.V1)
    .setCompression(Compression.ZSTD)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setWriteBatchSize(BATCH_ROWS)
    .setMaxRowGroupSize(BATCH_ROWS);
  for (const { name, type } of schema.fields) {
    if (arrow.DataType.isUtf8(type)) builder = builder.setColumnDictionaryEnabled(name, true);
    if (arrow.DataType.isTimestamp(type)) builder = builder.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    if (arrow.DataType.isFloat(type)) builder = builder.setColumnCompression(name, Compression.SNAPPY);
  }
  return builder.build();
}
