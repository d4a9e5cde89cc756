import type { QueryResult } from '../ports.ts';

export const QUERY_FORMATS = ['table', 'json', 'csv'] as const;
export type QueryFormat = (typeof QUERY_FORMATS)[number];

export interface QueryInput {
  readonly sql: string;
}

export type { QueryResult };
