import * as arrow from 'apache-arrow';
import { Encoding, Table, transformParquetStream, type WriterProperties } from 'parquet-wasm';
import type { ResultStream } from '../ports.ts';
import { arrowBatches, BATCH_ROWS } from './arrow-batches.ts';
import { DERIVED_COMPRESSION, fileProperties } from './writer-properties.ts';

/** Encodes a query result in the Arrow IPC file format, which is version 2 of Feather. Memory holds one batch. */
export async function* encodeArrowFile(result: ResultStream): AsyncGenerator<Uint8Array> {
  const writer = await arrow.RecordBatchFileWriter.writeAll(arrowBatches(result));
  for await (const part of writer) yield part;
}

/** Encodes a query result as Parquet, one row group per batch. Memory holds one batch. */
export async function* encodeParquetFile(result: ResultStream): AsyncGenerator<Uint8Array> {
  const batches = arrowBatches(result);
  // There is always a first batch, and it has the schema.
  const first = (await batches.next()).value as arrow.RecordBatch;
  async function* all(): AsyncGenerator<arrow.RecordBatch> {
    yield first;
    yield* batches;
  }
  // The writer replaces an error of its input by its own error.
  let failure: unknown;
  const input = new ReadableStream(
    inWasm(all(), (error) => (failure = error)),
    { highWaterMark: 0 },
  );
  try {
    for await (const part of await transformParquetStream(input, resultProperties(first.schema))) yield part;
  } catch (error) {
    throw failure ?? error;
  }
  if (failure) throw failure;
}

/** Copies batches into the writer's memory, one whenever the writer requests one. */
function inWasm(batches: AsyncGenerator<arrow.RecordBatch>, failed: (error: unknown) => void) {
  return {
    async pull(controller: ReadableStreamDefaultController): Promise<void> {
      try {
        const next = await batches.next();
        if (next.done) return controller.close();
        const table = Table.fromIPCStream(arrow.RecordBatchStreamWriter.writeAll([next.value]).toUint8Array(true));
        for (const batch of table.recordBatches()) controller.enqueue(batch);
        // The batches outlive the table. Without this call the memory of all of them is kept until the end.
        table.free();
      } catch (error) {
        failed(error);
        controller.error(error);
      }
    },
  };
}

/** The options of the lake's tables, as far as the types of a result allow. */
function resultProperties(schema: arrow.Schema): WriterProperties {
  let builder = fileProperties(BATCH_ROWS);
  for (const { name, type } of schema.fields) {
    if (arrow.DataType.isUtf8(type)) builder = builder.setColumnDictionaryEnabled(name, true);
    if (arrow.DataType.isTimestamp(type)) builder = builder.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    if (arrow.DataType.isFloat(type)) builder = builder.setColumnCompression(name, DERIVED_COMPRESSION);
  }
  return builder.build();
}
