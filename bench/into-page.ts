import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run --silent bench -- --markdown | node --import tsx bench/into-page.ts`: puts the tables of a session into
 * docs/performance.md, between `<!-- bench pipeline -->` and `<!-- end -->`. It names the parts that the page lacks.
 */
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

let page = readFileSync(PAGE, 'utf8');
const [, ...parts] = readFileSync(0, 'utf8').split(/^### /m);
for (const part of parts) {
  const name = part.slice(0, part.indexOf('\n'));
  const block = new RegExp(`(<!-- bench ${name} -->\n)[^]*?(<!-- end -->)`);
  if (!block.test(page)) console.log(`${name}: docs/performance.md has no place for it`);
  const tables = part.slice(name.length).trim();
  page = page.replace(block, (_, begin: string, end: string) => `${begin}\n${tables}\n\n${end}`);
}
writeFileSync(PAGE, page);
