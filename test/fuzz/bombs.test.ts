import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Burst } from './bomb-process.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROCESS = fileURLToPath(new URL('./bomb-process.ts', import.meta.url));

/** All together: the largest are 20 MiB, and readers of text hold it as text besides. */
const MAX_GROWN_MIB = 250;
/** Each, on a machine that does other things as well. */
const MAX_MS = 15_000;

test('small inputs with large contents, and large empty ones, are refused by name in bounded memory and time', () => {
  const answer = execFileSync(process.execPath, ['--import', TSX, PROCESS], { encoding: 'utf8' });
  const bursts = JSON.parse(answer) as Burst[];
  expect(bursts.length).toBeGreaterThan(10);
  const unnamed = bursts.filter(({ ending }) => !['UnexpectedFormat', 'CorruptObject'].includes(ending));
  expect(unnamed).toEqual([]);
  expect(bursts.filter(({ ms }) => ms > MAX_MS)).toEqual([]);
  expect(bursts.reduce((sum, { grownMiB }) => sum + grownMiB, 0)).toBeLessThan(MAX_GROWN_MIB);
});
