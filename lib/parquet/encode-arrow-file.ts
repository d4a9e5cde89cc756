import * as arrow from 'apache-arrow';
import type { ResultStream } from '../ports.ts';
import { arrowBatches } from './arrow-batches.ts';

/** Encodes a query result in the Arrow IPC file format, which is version 2 of Feather. Memory holds one batch. */
export async function* encodeArrowFile(result: ResultStream): AsyncGenerator<Uint8Array> {
  const writer = await arrow.RecordBatchFileWriter.writeAll(arrowBatches(result));
  for await (const part of writer) yield part;
}
