import { formatBytes, formatCount, plural } from '../../domain/format-amount.ts';
import type { ResultBatch, ResultStream, StreamingQueryEngine } from '../../ports.ts';
import { encodeResult } from '../../query/encode-result.ts';
import type { Terminal } from '../terminal.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import type { ExportFile } from './export-file.ts';
import { formatScan } from './format-scan.ts';

/**
 * Writes the answer to SQL to a file, and a line about the file to the error output, or JSON to the output.
 * @returns true if there were no rows
 */
export async function exportResult(
  sql: string,
  engine: StreamingQueryEngine,
  file: ExportFile,
  asJson: boolean,
  terminal: Terminal,
): Promise<boolean> {
  const result = await engine.stream(sql);
  const counted = countRows(result, terminal);
  const bytes = await writeWholeFile(file.path, encodeResult(counted.stream, file.format), file.force);
  const { rows } = counted;
  const summary = { path: file.path, format: file.format, rows, columns: result.columns.length, bytes };
  if (asJson) terminal.out.write(`${JSON.stringify(summary)}\n`);
  else {
    const what = `${plural(rows, 'row')}, ${plural(summary.columns, 'column')}, ${formatBytes(bytes)}`;
    terminal.err.write(`${file.path}: ${what}\n`);
  }
  terminal.err.write(formatScan(result));
  return rows === 0;
}

/** Counts the rows as they pass, and shows the count on a terminal. */
function countRows(result: ResultStream, { err }: Terminal) {
  const counted = { rows: 0, stream: { ...result, batches: counting(result.batches) } };
  async function* counting(batches: AsyncIterable<ResultBatch>): AsyncGenerator<ResultBatch> {
    let shown = 0;
    for await (const batch of batches) {
      counted.rows += batch[0]?.length ?? 0;
      if (err.isTTY && counted.rows - shown >= 100_000) {
        shown = counted.rows;
        err.write(`\r${formatCount(shown)} rows`);
      }
      yield batch;
    }
    if (shown > 0) err.write('\r\u001b[K');
  }
  return counted;
}
