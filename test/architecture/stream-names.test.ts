import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STREAM_NAMES } from '../../lib/domain/stream-table.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = new RegExp(`['"\`](${STREAM_NAMES.join('|')})['"\`]`);
/** The table itself, and the folder of the exchange, which has a budget of the name `funding`. */
const ALLOWED = /^lib\/(domain\/stream-table\.ts|exchange\/binance\/)/;

/** The files whose code has the name of a stream as a text. */
function filesWithNames(): string[] {
  const files = ['lib', 'lambdas', 'bin'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return files.filter((path) => path.endsWith('.ts') && NAME.test(readFileSync(`${ROOT}${path}`, 'utf8')));
}

test('no code asks for the name of a stream: the difference is a fact in its row', () => {
  const files = filesWithNames();
  expect(files).toContain('lib/domain/stream-table.ts');
  expect(files.filter((path) => !ALLOWED.test(path))).toEqual([]);
});
