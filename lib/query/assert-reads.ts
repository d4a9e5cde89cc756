import { BadInput } from '../domain/errors.ts';

/** What a statement that only reads can begin with. */
const READING = ['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'SUMMARIZE', 'PIVOT', 'UNPIVOT'];

/**
 * Refuses SQL that does not begin as a reading statement does. Engines run it before they look at the SQL themselves:
 * some write while they only prepare (DuckDB's EXPORT DATABASE makes its folder), some run what they explain.
 * @throws BadInput with the first word
 */
export function assertReads(sql: string): void {
  const bare = sql.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/|\()+/, '');
  const explained = bare.replace(/^EXPLAIN\s+(ANALYZE\s+)?/i, '');
  const word = /^\w+/.exec(explained)?.[0] ?? explained.slice(0, 10);
  if (word === '') throw new BadInput(`sql must be a SELECT statement, got '${sql}'`);
  if (!READING.includes(word.toUpperCase())) {
    throw new BadInput(`sql must be a SELECT statement, got one that begins with '${word}'`);
  }
}
