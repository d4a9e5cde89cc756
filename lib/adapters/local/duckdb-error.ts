import { BadInput, EngineFailed } from '../../domain/errors.ts';

/** What DuckDB calls a statement that is wrong in itself, whatever the tables hold. */
const MISTAKE = /^(Parser|Binder|Catalog) Error: /;

/** Longer messages list all overloads of a function. */
const LONGEST = 300;

/** What DuckDB says, in one line: BadInput where the SQL is the mistake, EngineFailed where answering it failed. */
export function duckdbError(cause: unknown): BadInput | EngineFailed {
  const line = oneLine(messageOf(cause).replace('Failed to extract statements: ', ''));
  if (!MISTAKE.test(line)) return new EngineFailed(line, { cause });
  return new BadInput(`sql cannot be answered: ${line.replace(MISTAKE, '')}`, { cause });
}

/** The message of an error, also of one that native code made for another realm than this. */
export function messageOf(error: unknown): string {
  return String((error as Partial<Error> | undefined)?.message ?? error);
}

/** Without the copy of the SQL with a caret below it, which points nowhere once it is shorter than the SQL. */
function oneLine(text: string): string {
  const line = text
    .replace(/\n+LINE \d+: [\s\S]*$/, '')
    .replace(/\s*Candidate functions:[\s\S]*$/, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
