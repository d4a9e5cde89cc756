import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { buildSync } from 'esbuild';

/** The folder in which the grammar is installed, or undefined. */
function grammarFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('dt-sql-parser/package.json'));
  } catch {
    return undefined;
  }
}

export function hasTrinoGrammar(): boolean {
  return grammarFolder() !== undefined;
}

/**
 * Returns the objections of dt-sql-parser's TrinoSQL grammar to each statement. The package ships modules that only a
 * bundler reads, so it is bundled with the statements and run in a process of its own.
 */
export function grammarErrors(statements: readonly string[]): string[][] {
  const folder = grammarFolder()!;
  const program = `
    import { TrinoSQL } from './dist/index.js';
    const parser = new TrinoSQL();
    const found = ${JSON.stringify(statements)}.map((sql) => parser.validate(sql).map(({ message }) => message));
    console.log(JSON.stringify(found));
  `;
  const { outputFiles } = buildSync({
    stdin: { contents: program, resolveDir: folder, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const out = execFileSync(process.execPath, ['-'], { input: outputFiles[0]!.text, encoding: 'utf8' });
  return JSON.parse(out) as string[][];
}
