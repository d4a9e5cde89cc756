import type { QueryResult } from '../ports.ts';

export const QUERY_FORMATS = ['table', 'json', 'csv'] as const;
export type QueryFormat = (typeof QUERY_FORMATS)[number];

/** Formats of the file that a result can be written to; each is the ending of its name. */
export const EXPORT_FORMATS = ['parquet', 'csv', 'json', 'arrow'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface QueryInput {
  readonly sql: string;
}

export type { QueryResult };
