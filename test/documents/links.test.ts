import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documents } from './fences.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (document: string) => readFileSync(join(root, document), 'utf8');

/** A path of the repository in backticks, or a page of docs/ by its path. `<name>` and `…` make a pattern of it. */
const FOLDERS = 'bench|bin|docs|examples|lambdas|lib|scripts|test';
const PATH = new RegExp(
  `\`((?:${FOLDERS})/[\\w./-]+|\\.ci/run|\\.dependency-cruiser\\.cjs)\`|\\b(docs/[\\w-]+\\.md)\\b`,
  'g',
);
const LINK = /\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)/g;

/** A heading as the anchor that GitHub gives it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (path: string) =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => `#${anchorOf(heading!)}`);

test.each(documents())('%s: every link leads to a file that exists, and to a heading in it', (document) => {
  const broken = [...read(document).matchAll(LINK)].filter(([, target, anchor]) => {
    const path = join(dirname(document), target!);
    return !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

/** A guide also names the files that its reader adds. */
const pages = documents().filter((document) => !/^docs\/add-an?-/.test(document));

test.each(pages)('%s: every path that it names exists', (document) => {
  const paths = [...read(document).matchAll(PATH)].map(([, quoted, page]) => (quoted ?? page)!);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('docs/architecture.md has a row for every room of lib/', () => {
  const rooms = readdirSync(join(root, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows = [...read('docs/architecture.md').matchAll(/^\| `lib\/(\w+)` \|/gm)].map(([, room]) => room);
  expect(rows.sort()).toEqual(rooms.map(({ name }) => name).sort());
});
