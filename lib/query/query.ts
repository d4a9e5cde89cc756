import type { QueryEngine } from '../ports.ts';
import { assertReads } from './assert-reads.ts';
import type { QueryInput, QueryResult } from './contract.ts';

/**
 * Asks the lake one question in SQL.
 * @throws BadInput if the SQL is a mistake or does not only read, EngineFailed with the engine's reason
 */
export async function query({ sql }: QueryInput, engine: QueryEngine): Promise<QueryResult> {
  assertReads(sql);
  return engine.query(sql);
}
