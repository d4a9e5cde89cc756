import type { QueryFormat, QueryResult } from './contract.ts';
import { formatCsv } from './format-csv.ts';
import { formatTable } from './format-table.ts';

export interface FormatOptions {
  /** Columns of the terminal; 80 if there is no terminal. Only tables use it. */
  readonly width?: number;
}

/**
 * A result as text that ends with a newline. `table` is for eyes: shortened numbers, elided columns and rows. `json`,
 * an array of objects, and `csv`, RFC 4180, hold every row in full precision.
 */
export function formatResult(result: QueryResult, format: QueryFormat, options: FormatOptions = {}): string {
  switch (format) {
    case 'table':
      return formatTable(result, options.width ?? 80);
    case 'csv':
      return formatCsv(result);
    case 'json':
      return formatJson(result);
  }
}

/** One row a line, so that large results can be read and compared. Of two columns of one name the later one is kept. */
function formatJson({ columns, rows }: QueryResult): string {
  if (rows.length === 0) return '[]\n';
  const names = columns.map(({ name }) => name);
  const lines = rows.map((row) => JSON.stringify(Object.fromEntries(row.map((value, i) => [names[i], value]))));
  return `[\n${lines.join(',\n')}\n]\n`;
}
