/**
 * Checks that comments, messages and documents are plain English, and that lines are at most 120 columns wide:
 * `node --import tsx scripts/check-prose.ts [FOLDER or FILE …]`. Without arguments, it checks everything that is clean
 * by now. It prints `file:line: "phrase": what to write instead`, and exits with 1 if it finds something.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findFaults } from './prose/find-faults.ts';

/** Folders and documents that are not clean yet. They are checked if they are named. */
const NOT_YET_CLEAN: readonly string[] = [];

/** Files that quote the phrases, or whose long lines are data: recorded answers and tables of numbers. */
const EXCEPT = /^scripts\/prose\/phrases\.ts$|^test\/architecture\/prose\.test\.ts$|\/generated\/|^CHANGELOG\.md$/;

const READABLE = /\.(ts|mjs|cjs|py|sh|md)$/;

const named = process.argv.slice(2);
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...named], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => READABLE.test(path) && !EXCEPT.test(path) && existsSync(path))
  .filter((path) => named.length > 0 || !NOT_YET_CLEAN.some((part) => path === part || path.startsWith(`${part}/`)));

const lines = files.flatMap((path) =>
  findFaults(path, readFileSync(path, 'utf8')).map(
    ({ line, found, instead }) => `${path}:${line}: ${found}: ${instead}`,
  ),
);
for (const line of lines) console.log(line);
console.log(`${lines.length} places in ${files.length} files`);
if (lines.length > 0) process.exitCode = 1;
