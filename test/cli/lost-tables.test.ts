import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

// A folder whose name has to be quoted in a command.
const lake = join(temporaryFolder(), "o'lake one");
const ASKED = ['--market', 'sim', '--symbols', 'BTCUSDT', '--interval', '12h', '--lake', lake];
const CANDLES = 'candles/market=sim/symbol=BTCUSDT/interval=12h/period=2024/candles.parquet';
const FUNDING = 'funding/market=sim/symbol=BTCUSDT/period=2024/funding.parquet';

async function run(...args: string[]) {
  const terminal = fakeTerminal({ CANDLELAKE_NOW: '2024-02-05T10:00:00Z' });
  const code = await runLakeProgram(args, terminal);
  return { code, ...terminal.written };
}

const count = (table: string) => run('query', `SELECT count(*) AS n FROM ${table}`, '--lake', lake, '--format', 'csv');

/** The commands between backticks, as a shell would read them. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/`npx lake ([^`]+)`/g)].map(([, command]) =>
    [...command!.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(([, inQuotes, word]) =>
      inQuotes === undefined ? word! : inQuotes.replaceAll(`'\\''`, "'"),
    ),
  );
}

beforeAll(async () => {
  expect(await run('run', ...ASKED, '--from', '2023-12-01', '--streams')).toMatchObject({ code: 0 });
});

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
const scrambled = (bytes: Buffer) =>
  Buffer.from(
    bytes.map((byte, at) => (at > bytes.length - 400 && at < bytes.length - 60 ? (byte * 7 + 13) % 256 : byte)),
  );

test.each([
  ['empty', () => Buffer.alloc(0)],
  ['cut in half', half],
  ['with other bytes in its footer', scrambled],
])('a table that is %s is named with the commands that mend it, and they do', async (_, damage) => {
  const path = join(lake, CANDLES);
  const sound = readFileSync(path);
  const { out } = await count('candles');
  writeFileSync(path, damage(sound));
  const ended = await count('candles');
  expect(ended).toMatchObject({ code: 1, out: '' });
  const options = '--market sim --symbols BTCUSDT --interval 12h --lake';
  const said = `table ${CANDLES} is damaged: run \`npx lake audit --repair ${options}`;
  expect(ended.err).toContain(said);
  const [audit, again] = commandsIn(ended.err);
  expect(again!.slice(0, -1)).toEqual([
    'run',
    ...ASKED.slice(0, -2),
    '--from',
    '2024-01-01',
    '--to',
    '2025-01-01',
    '--lake',
  ]);
  expect(await run(...audit!)).toMatchObject({ code: 1 });
  expect(await run(...again!)).toMatchObject({ code: 0 });
  expect(readFileSync(path)).toEqual(sound);
  expect(await count('candles')).toMatchObject({ code: 0, out });
});

test.each([
  ['candles', CANDLES],
  ['funding', FUNDING],
])('a table of %s that is gone is named with the command that makes it again, and it does', async (table, key) => {
  const path = join(lake, key);
  const sound = readFileSync(path);
  const { out } = await count(table);
  rmSync(path);
  const ended = await count(table);
  expect(ended).toMatchObject({ code: 1, out: '' });
  expect(ended.err).toContain(`table ${key} is missing: run \`npx lake run --market sim --symbols BTCUSDT`);
  // What is not asked for is not looked at.
  expect(await count('labels')).toMatchObject({ code: 0 });
  expect(await run(...commandsIn(ended.err)[0]!)).toMatchObject({ code: 0 });
  expect(readFileSync(path)).toEqual(sound);
  expect(await count(table)).toMatchObject({ code: 0, out });
});

test('a mistake in SQL is no damage, and a shard that is being made misses no table', async () => {
  expect(await count('candles WHERE missing_column')).toMatchObject({ code: 2 });
  const manifest = join(
    lake,
    'manifests',
    CANDLES.replace(/^candles\//, '').replace('candles.parquet', 'manifest.json'),
  );
  const sound = readFileSync(manifest);
  writeFileSync(manifest, 'null\n');
  const labels = join(lake, CANDLES.replaceAll('candles', 'labels'));
  const table = readFileSync(labels);
  rmSync(labels);
  expect(await count('labels')).toMatchObject({ code: 0 });
  writeFileSync(labels, table);
  writeFileSync(manifest, sound);
});
