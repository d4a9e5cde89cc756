import { BadInput, EngineFailed } from '../../domain/errors.ts';

/**
 * Kinds of DuckDB error that the SQL causes: it cannot be understood, its values do not fit its functions, or it reads
 * outside the lake. Running out of memory or disk and internal faults have other names.
 */
const MISTAKES = [
  'Parser',
  'Syntax',
  'Binder',
  'Catalog',
  'Conversion',
  'Permission',
  'Constraint',
  'Out of Range',
].concat(['Mismatch Type', 'Invalid Type', 'Divide by Zero', 'Not implemented', 'Invalid Input']);
const MISTAKE = new RegExp(`^(${MISTAKES.join('|')}) Error: `);

/** DuckDB reports a damaged file as invalid input too, and then names the file. */
const DAMAGED = /^Invalid Input Error: .*\bfile ["']/i;

/** Longer messages list all overloads of a function. */
const LONGEST = 300;

/** Turns an error of DuckDB into one line: BadInput if the SQL is the mistake, EngineFailed if answering it failed. */
export function duckdbError(cause: unknown): BadInput | EngineFailed {
  const line = oneLine(messageOf(cause).replace('Failed to extract statements: ', ''));
  if (!MISTAKE.test(line) || DAMAGED.test(line)) return new EngineFailed(line, { cause });
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
