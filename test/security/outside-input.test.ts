import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEvent } from '../../lambdas/parse-event.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { runLakeProgram } from '../../lib/cli/lake-program.ts';
import { RUN_ID, SERIES } from '../../lib/lake/event-schemas.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fakeTerminal } from '../support/terminal.ts';

const STEPS = [
  '../../etc',
  '..',
  '.',
  '/etc/passwd',
  'BTC/USDT',
  'BTC\\USDT',
  'A=B',
  '%2e%2e',
  'A B',
  "A'B",
  '-rf',
  '',
];

describe('a word of the command line that is no name', () => {
  test.each([
    ...STEPS.map((word) => ['--symbols', word]),
    ...STEPS.map((word) => ['--market', word]),
    ...STEPS.map((word) => ['--interval', word]),
    ...STEPS.map((word) => ['--period', word]),
    ...STEPS.map((word) => ['--from', word]),
    ...['ftp://x', 's3://', 's3://UPPER', 's3://bucket/../other', 'https://x', 'file:///etc', ''].map((word) => [
      '--lake',
      word,
    ]),
  ])('%s %j is refused in one line, and nothing is written', async (option, word) => {
    const base = temporaryFolder();
    const dead = 'http://127.0.0.1:9';
    const variables = { CANDLELAKE_LAKE: join(base, 'lake'), CANDLELAKE_REST_URL: dead, CANDLELAKE_ARCHIVE_URL: dead };
    for (const command of ['run', 'plan']) {
      const terminal = fakeTerminal(variables);
      expect(await runLakeProgram([command, option!, word!], terminal)).toBe(2);
      expect(terminal.written.err).toMatch(/^lake: [^\n]+\n$/);
    }
    expect(readdirSync(base)).toEqual([]);
  });
});

describe('a key of the folder store', () => {
  test.each(['../x', 'a/../../x', 'a/../b', './a', '..', '/../x', 'a/\0', 'runs/../../x'])(
    '%j is refused',
    async (key) => {
      const base = temporaryFolder();
      const store = folderObjectStore(join(base, 'lake'));
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject({ name: 'BadInput' });
      await expect(store.get(key)).rejects.toMatchObject({ name: 'BadInput' });
      expect(readdirSync(base)).toEqual([]);
    },
  );

  test('leads out of the lake by no link: not to read, to write or to list', async () => {
    const base = temporaryFolder();
    for (const folder of ['lake', 'other']) mkdirSync(join(base, folder));
    writeFileSync(join(base, 'other/secret'), 'secret');
    symlinkSync(join(base, 'other'), join(base, 'lake/runs'));
    symlinkSync(join(base, 'other/secret'), join(base, 'lake/file'));
    const store = folderObjectStore(join(base, 'lake'));
    const refused = {
      name: 'BadInput',
      message: expect.stringMatching(/^lake must hold no link that leads out of it, got/),
    };
    await expect(store.get('runs/secret')).rejects.toMatchObject(refused);
    await expect(store.get('file')).rejects.toMatchObject(refused);
    await expect(store.put('runs/x', Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(store.list('runs/')).rejects.toMatchObject(refused);
    expect(await store.list('')).toEqual([]);
    // A link where an object goes is replaced, not written through.
    await store.put('file', Buffer.from('object'));
    expect(readFileSync(join(base, 'other/secret'), 'utf8')).toBe('secret');
    expect(readdirSync(join(base, 'other'))).toEqual(['secret']);
  });

  test('is found in a lake that is itself reached by a link', async () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'disk'));
    symlinkSync(join(base, 'disk'), join(base, 'lake'));
    const store = folderObjectStore(join(base, 'lake'));
    await store.put('a/b', Buffer.from('x'));
    expect(await store.list('')).toEqual([{ key: 'a/b', sizeBytes: 1, tag: expect.any(String) }]);
    expect(Buffer.from((await store.get('a/b'))!).toString()).toBe('x');
  });
});

describe('an event of a Lambda', () => {
  test.each(['..', '.', '../x', 'a/b', '', 'a\nb', 'x'.repeat(81)])('run id %j is refused', (runId) => {
    expect(() => parseEvent(RUN_ID, runId)).toThrow(expect.objectContaining({ name: 'BadInput' }));
  });

  test.each(STEPS)('symbol %j is refused', (symbol) => {
    const series = { market: 'um', symbol, interval: '1h' };
    expect(() => parseEvent(SERIES, series)).toThrow(expect.objectContaining({ name: 'BadInput' }));
  });

  test('names are taken', () => {
    expect(parseEvent(RUN_ID, '20241121T023000Z-1f3a9c')).toBe('20241121T023000Z-1f3a9c');
    const series = { market: 'um', symbol: '币安人生USDT', interval: '1h' };
    expect(parseEvent(SERIES, series)).toEqual(series);
  });
});
