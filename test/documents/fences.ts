import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** One fenced block of a document. */
export interface Fence {
  /** Path of the document in the repository. */
  readonly document: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Words behind the opening fence: the language, then how its commands are checked. */
  readonly info: string;
  readonly text: string;
}

/** The documents that people read: those at the top level, and those in docs/. */
export function documents(): readonly string[] {
  const pages = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
  return ['README.md', 'README.pt-BR.md', 'AGENTS.md', ...pages.sort().map((name) => `docs/${name}`)];
}

/** Reads a document's fenced blocks, in order. */
export function fencesOf(document: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [at, line] of readFileSync(new URL(document, ROOT), 'utf8').split('\n').entries()) {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (open && info === '') {
      fences.push({ document, line: open.line, info: open.info, text: open.lines.join('\n') });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (info !== undefined) open = { line: at + 1, info: info.trim(), lines: [] };
  }
  if (open) throw new Error(`${document}:${open.line} opens a fence that is never closed`);
  return fences;
}
