import { BadInput } from '../domain/errors.ts';

/** First words of statements that only read. */
const READING = ['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'SUMMARIZE', 'PIVOT', 'UNPIVOT'];

const COMMENTS = /^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)+/;
const COMMENTS_AND_BRACKETS = /^(\s+|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/|\()+/;

/** SQL that begins as a reading statement does. */
interface ReadingSql {
  /** `EXPLAIN ` or `EXPLAIN ANALYZE ` or nothing. */
  readonly explain: string;
  /** The statement itself, without the comments in front of it. */
  readonly select: string;
}

/**
 * Refuses SQL that does not begin as a reading statement does. Engines run it before they look at the SQL themselves:
 * some write while they only prepare (DuckDB's EXPORT DATABASE makes its folder), some run what they explain. A comment
 * in front has to end where every engine says that it does: it may hold neither another comment nor a carriage return.
 * @throws BadInput with the first word
 */
export function assertReads(sql: string): ReadingSql {
  const bare = sql.replace(COMMENTS, '');
  const [explain] = /^EXPLAIN\s+(ANALYZE\s+)?/i.exec(bare) ?? [''];
  const select = bare.slice(explain.length);
  const first = explain === '' ? select.replace(COMMENTS_AND_BRACKETS, '') : select;
  const before = sql.slice(0, sql.length - first.length);
  if (/--[^\n]*\r(?!\n)/.test(before) || /\/\*(?:(?!\*\/)[\s\S])*\/\*/.test(before)) {
    throw new BadInput('sql comment must hold no other comment and no carriage return, got one that does');
  }
  const word = /^\w+/.exec(first)?.[0] ?? first.slice(0, 10);
  if (word === '') throw new BadInput(`sql must be a SELECT statement, got '${sql}'`);
  if (!READING.includes(word.toUpperCase())) {
    throw new BadInput(`sql must be a SELECT statement, got one that begins with '${word}'`);
  }
  return { explain, select };
}
