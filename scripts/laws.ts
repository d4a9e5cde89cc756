import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lawRows } from '../test/features/law-rows.ts';

/**
 * `npm run laws -- rsi`: the laws for the rows whose column or kernel begins with that word and those that they read.
 * A law that fails prints its seed.
 */
const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const [beginning = '', ...more] = process.argv.slice(2);
const rows = lawRows(beginning);
if (rows.length === 0 || more.length > 0) {
  console.error(`row must begin like one column or kernel of the table, got '${[beginning, ...more].join(' ')}'`);
  process.exit(2);
}
console.log(
  `laws of ${rows.length} rows: ${rows.map(({ columns, hidden }) => columns[0]?.name ?? hidden[0]).join(', ')}`,
);
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    'test/features/laws.test.ts',
    'test/features/twins.test.ts',
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, CANDLELAKE_LAWS: beginning } },
);
process.exit(status ?? 1);
