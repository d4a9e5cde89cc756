import type { QueryResult } from '../ports.ts';

/** Returns each row as an object by column name. Of two columns of one name, the later one is kept. */
export function rowObjects({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
}
