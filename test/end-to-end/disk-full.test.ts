import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { KILLED_AT_MS, LONGER_RUN, lakeAt } from '../chaos/real-kills.ts';
import { temporaryFolder } from '../support/folder.ts';
import { differences, lakeFaults } from '../support/lake-faults.ts';
import { runLake } from '../support/lake-process.ts';

let exchange: Exchange;
let base: string;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: KILLED_AT_MS });
  base = temporaryFolder();
  expect(await run('whole')).toMatchObject({ code: 0 });
});
afterAll(() => exchange.close());

function run(name: string, options: { within?: readonly string[]; env?: Readonly<Record<string, string>> } = {}) {
  return runLake([...LONGER_RUN, '--lake', join(base, name)], { exchangeUrl: exchange.url, ...options });
}

/** The lake of that name can be read as it is, and the next run makes it that of an undisturbed one. */
async function expectCompleted(name: string): Promise<void> {
  expect(await lakeFaults(await lakeAt(join(base, name)))).toEqual([]);
  expect(await run(name)).toMatchObject({ code: 0 });
  expect(differences(await lakeAt(join(base, name)), await lakeAt(join(base, 'whole')))).toEqual([]);
}

/** A shell that lets no file grow beyond so many KiB. */
const limitedTo = (kib: number) => ['bash', '-c', `ulimit -f ${kib}; exec "$@"`, 'bash'];

test('no file can be written at all: one line, exit code 1', async () => {
  const ended = await run('limit-0', { within: limitedTo(0) });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(
    /^lake: landing\/listings\/\S+ cannot be written to \S+limit-0: the file would be larger than the limit\n$/,
  );
  await expectCompleted('limit-0');
});

test('a table that does not fit ends the run incomplete, with the reason; a later run completes the lake', async () => {
  const ended = await run('limit-40', { within: limitedTo(40) });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(
    /failed: refine um\/BTCUSDT\/1h: [\s\S]*parquet\s+cannot be written to \S+: the file would be/,
  );
  await expectCompleted('limit-40');
});

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const reason = canMount ? '' : ' (not run here: this machine lets nobody mount a small disk)';

(canMount ? test : test.skip)(`a real disk of 300 KiB is full${reason}`, async () => {
  for (const folder of ['disk', 'full']) mkdirSync(join(base, folder));
  // The disk is gone when the process ends: what is on it by then is copied.
  const script =
    'mount -t tmpfs -o size=300k tmpfs "$DISK" && { "$@"; code=$?; cp -a "$DISK/." "$COPY/"; exit $code; }';
  const ended = await run('disk', {
    within: ['unshare', '-rm', 'sh', '-c', script, 'sh'],
    env: { DISK: join(base, 'disk'), COPY: join(base, 'full') },
  });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(
    /failed: refine um\/BTCUSDT\/1h: [\s\S]*\s+cannot be written to \S+disk: no space is left on the/,
  );
  await expectCompleted('full');
});
