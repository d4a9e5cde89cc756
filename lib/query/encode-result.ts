import { encodeArrowFile, encodeParquetFile } from '../parquet/encode-result-files.ts';
import type { ResultStream } from '../ports.ts';
import type { ExportFormat } from './contract.ts';
import { csvLine } from './format-csv.ts';
import { rowObjects } from './row-objects.ts';

/** Encodes a result as a file, part by part: memory holds one batch, not the result. */
export function encodeResult(result: ResultStream, format: ExportFormat): AsyncIterable<Uint8Array> {
  return ENCODERS[format](result);
}

const ENCODERS: Readonly<Record<ExportFormat, (result: ResultStream) => AsyncIterable<Uint8Array>>> = {
  parquet: encodeParquetFile,
  csv,
  json,
  arrow: encodeArrowFile,
};

async function* csv({ columns, batches }: ResultStream): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvLine(columns.map(({ name }) => name)));
  for await (const batch of batches) yield Buffer.from(rowsOf(batch).map(csvLine).join(''));
}

/** An array of objects, one per line, as `lake query --json` prints it. */
async function* json({ columns, batches }: ResultStream): AsyncGenerator<Uint8Array> {
  let begin = '[\n';
  for await (const batch of batches) {
    const lines = rowObjects({ columns, rows: rowsOf(batch) }).map((row) => JSON.stringify(row));
    if (lines.length === 0) continue;
    yield Buffer.from(begin + lines.join(',\n'));
    begin = ',\n';
  }
  yield Buffer.from(begin === '[\n' ? '[]\n' : '\n]\n');
}

function rowsOf(batch: readonly (readonly unknown[])[]): unknown[][] {
  return Array.from({ length: batch[0]?.length ?? 0 }, (_, row) => batch.map((values) => values[row]));
}
