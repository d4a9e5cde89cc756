import type { QueryResult } from '../ports.ts';
import type { QueryFormat } from './contract.ts';
import { formatCsv } from './format-csv.ts';
import { formatTable } from './format-table.ts';
import { rowObjects } from './row-objects.ts';

/**
 * Returns a result as text that ends with a newline. `table` is for eyes: shortened numbers, elided columns and rows.
 * `json`, an array of objects, and `csv`, RFC 4180, hold every row in full precision.
 * @param width columns of the terminal, which only tables use
 */
export function formatResult(result: QueryResult, format: QueryFormat, { width = 80 } = {}): string {
  switch (format) {
    case 'table':
      return formatTable(result, width);
    case 'csv':
      return formatCsv(result);
    case 'json':
      return formatJson(result);
  }
}

/** One row a line, so that large results can be read and compared. */
function formatJson(result: QueryResult): string {
  const lines = rowObjects(result).map((row) => JSON.stringify(row));
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}
