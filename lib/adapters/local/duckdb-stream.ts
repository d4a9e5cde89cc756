import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { EngineFailed } from '../../domain/errors.ts';
import type { ResultBatch, ResultStream } from '../../ports.ts';
import { fromDuckdbValue } from './duckdb-value.ts';

const RESULT = 'temp.candlelake_result';

/**
 * Answers a SELECT in batches. The whole answer goes to a temporary table first, which DuckDB moves to disk if memory
 * is short, because an error in the middle of a streamed answer looks like its end: the binding does not report it.
 * @param select a statement that has been found to be one SELECT, so that in brackets it can only be read as one
 */
export async function streamSelect(
  connection: DuckDBConnection,
  select: string,
  fail: (error: unknown) => Promise<never>,
): Promise<ResultStream> {
  // These are statements, but only in a FROM do they have rows.
  const rows = /^(SHOW|DESCRIBE|DESC|SUMMARIZE)\b/i.test(select) ? `FROM (${select}\n)` : `(${select}\n)`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE candlelake_result AS ${rows}`).catch(fail);
  const [[count]] = (await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${RESULT}`)).getRows() as [[number]];
  const result = await connection.stream(`FROM ${RESULT}`).catch(fail);
  const types = result.columnTypes();
  return {
    columns: result.columnNames().map((name, i) => ({ name, type: String(types[i]) })),
    batches: batchesOf(result, count, connection),
  };
}

/** The chunks of a result, about 2,000 rows each. @throws EngineFailed if they hold other than `count` rows */
async function* batchesOf(
  result: DuckDBResult,
  count: number,
  connection: DuckDBConnection,
): AsyncGenerator<ResultBatch> {
  let read = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    read += chunk.rowCount;
    yield chunk.getColumns().map((values) => values.map(fromDuckdbValue));
  }
  if (read !== count) throw new EngineFailed(`result must have ${count} rows, got ${read} of them`);
  await connection.run(`DROP TABLE ${RESULT}`);
}

/** Returns a statement without the semicolons and comments that may follow it, which cannot be in brackets. */
export async function withoutEnd(sql: string, parses: (part: string) => Promise<boolean>): Promise<string> {
  // The first semicolon behind which nothing is said ends the statement, unless it is inside a text.
  for (let at = sql.indexOf(';'); at >= 0; at = sql.indexOf(';', at + 1)) {
    if (NOTHING.test(sql.slice(at)) && (await parses(sql.slice(0, at)))) return sql.slice(0, at);
  }
  return sql;
}

const NOTHING = /^(\s|;|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+$/;
