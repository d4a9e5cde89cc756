import type { QueryResult } from '../ports.ts';

/** RFC 4180: a header, CRLF line ends, quotes where needed. Null is an empty field, empty text is `""`. */
export function formatCsv({ columns, rows }: QueryResult): string {
  return [columns.map(({ name }) => name), ...rows].map(csvLine).join('');
}

export function csvLine(row: readonly unknown[]): string {
  return `${row.map(csvField).join(',')}\r\n`;
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
