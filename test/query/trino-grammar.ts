import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Whether the grammar is installed. */
export function hasTrinoGrammar(): boolean {
  try {
    createRequire(import.meta.url).resolve('dt-sql-parser/package.json');
    return true;
  } catch {
    return false;
  }
}

/**
 * What dt-sql-parser's TrinoSQL grammar says against each statement; empty lists where nothing. The package ships modules
 * that only a bundler reads: it is bundled first, statements and all, and run in a process of its own.
 */
export function grammarErrors(statements: readonly string[]): string[][] {
  const program = `
    import { TrinoSQL } from 'dt-sql-parser';
    const parser = new TrinoSQL();
    const found = ${JSON.stringify(statements)}.map((sql) => parser.validate(sql).map(({ message }) => message));
    console.log(JSON.stringify(found));
  `;
  const { outputFiles } = buildSync({
    stdin: { contents: program, resolveDir: ROOT, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const out = execFileSync(process.execPath, ['-'], { input: outputFiles[0]!.text, encoding: 'utf8' });
  return JSON.parse(out) as string[][];
}
