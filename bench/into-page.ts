import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fillPage } from './fill-page.ts';

/**
 * `npm run --silent bench -- --markdown | node --import tsx bench/into-page.ts`: puts the tables of a session into
 * docs/performance.md, between `<!-- bench pipeline -->` and `<!-- end -->`. It names the parts that the page lacks.
 */
const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));

const { page, homeless } = fillPage(readFileSync(PAGE, 'utf8'), readFileSync(0, 'utf8'));
for (const name of homeless) console.log(`${name}: docs/performance.md has no place for it`);
writeFileSync(PAGE, page);
