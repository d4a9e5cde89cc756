import ts from 'typescript';
import { FIRST_WORDS, PHRASES } from './phrases.ts';

/** A place where the text of a file is not plain: what was found, and what to write instead. */
export interface Fault {
  line: number;
  found: string;
  instead: string;
}

const MAX_COLUMNS = 120;

/** Files whose lines may be wider: formulas, pages as text, and recorded answers. */
const WIDE = new RegExp(
  [
    'lib/features/(sections/|formula-words|certificate)',
    'lib/exchange/simulated/observed-bodies',
    'test/.*goldens',
  ].join('|'),
);
const CODE = /\.[cm]?[jt]s$/;

/** Between two pieces of prose. No phrase contains it, so no phrase is found across code. */
const BREAK = '\u0000';
const DOCSTRING = '\u0001';

const TEXTS = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
]);

const phrases = PHRASES.map(({ pattern, instead }) => ({
  expression: new RegExp(`(?<![\\w'’-])(?:${pattern.trimEnd().replaceAll(' ', '\\s+')})(?![\\w-])`, 'gi'),
  instead,
}));
const firstWord = new RegExp(`${DOCSTRING}\\s*(${FIRST_WORDS.join('|')})\\b`, 'g');

/** Returns the faults of a file, by line. Prose is comments and strings of code, and documents without their code. */
export function findFaults(path: string, source: string): Fault[] {
  const prose = CODE.test(path) ? proseOfCode(path, source) : path.endsWith('.md') ? proseOfDocument(source) : source;
  const faults: Fault[] = [];
  const add = (index: number, found: string, instead: string) =>
    faults.push({ line: lineAt(source, index), found: `"${found.replace(/\s+/g, ' ')}"`, instead: `write ${instead}` });
  for (const { expression, instead } of phrases)
    for (const match of prose.matchAll(expression)) add(match.index, match[0], instead);
  for (const match of prose.matchAll(firstWord))
    add(match.index, `/** ${match[1]} …`, 'a verb in the third person, or a noun that defines the thing');
  if (!path.endsWith('.md') && !WIDE.test(path)) faults.push(...longLines(source));
  return faults.sort((a, b) => a.line - b.line);
}

function longLines(source: string): Fault[] {
  return source.split('\n').flatMap((text, index) => {
    const found = `${text.length} columns`;
    return text.length > MAX_COLUMNS ? [{ line: index + 1, found, instead: `at most ${MAX_COLUMNS}` }] : [];
  });
}

const lineAt = (source: string, index: number) => source.slice(0, index).split('\n').length;

/** Returns a text as long as the source: its comments and strings, without the signs around them, between breaks. */
function proseOfCode(path: string, source: string): string {
  const prose = source.replace(/\S/g, BREAK).split('');
  const keep = (start: number, end: number, hide: RegExp) => {
    const text = source.slice(start, end).replace(hide, (sign) => ' '.repeat(sign.length));
    for (let index = 0; index < text.length; index++) prose[start + index] = text[index];
  };
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false);
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(file);
    for (const child of children) visit(child);
    if (children.length > 0) return;
    const comments = [
      ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ];
    for (const { pos, end } of comments) {
      keep(pos, end, /^\/\/|^\/\*+|\*\/$|^[ \t]*\*/gm);
      if (source.startsWith('/**', pos)) prose[pos] = DOCSTRING;
    }
    if (TEXTS.has(node.kind)) keep(node.getStart(file) + 1, node.end - 1, /\\n|\$$/g);
  };
  visit(file);
  return prose.join('');
}

/** Returns a text as long as the document. Code, links' targets, table borders and ends of paragraphs are breaks. */
function proseOfDocument(source: string): string {
  return source
    .replace(/^```[\s\S]*?^```|`[^`\n]+`|\]\([^)]*\)|\||\n(?=\s*\n|[-*#] |\d+\. )/gm, (code) =>
      BREAK.repeat(code.length),
    )
    .replace(/[*_]/g, ' ');
}
