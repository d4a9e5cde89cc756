import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { parquetHashes } from '../support/parquet.ts';

const NOW_MS = Date.parse('2024-05-03T10:00:05Z');
const RANGE = ['--from', '2024-02-10', '--to', '2024-05-03T10:00Z'];
// An hour a candle, so that each of the many runs takes its time for starting and storing, not for features.
const WHAT = ['--symbols', 'BTCUSDT,ETHUSDT', '--interval', '1h'];

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW_MS });
});
afterAll(() => exchange.close());
afterEach(() => exchange.faults.clear());

async function run(lake: string, ...args: string[]) {
  return runLake(['run', ...WHAT, '--lake', lake, '--json', ...args], { exchangeUrl: exchange.url });
}

let undisturbed: Promise<{ lake: string; hashes: Record<string, string> }> | undefined;
/** Returns a lake that was built in one undisturbed run. No test changes its tables. */
function undisturbedLake(): NonNullable<typeof undisturbed> {
  undisturbed ??= (async () => {
    const lake = temporaryFolder();
    expect(await run(lake, ...RANGE)).toMatchObject({ code: 0 });
    return { lake, hashes: parquetHashes(lake) };
  })();
  return undisturbed;
}

/** Returns the Parquet of that lake. */
const undisturbedHashes = async () => (await undisturbedLake()).hashes;

describe('one range, built in different ways, holds the same bytes', () => {
  test('one thing at a time', async () => {
    const lake = temporaryFolder();
    expect(await run(lake, ...RANGE, '--concurrency', '1')).toMatchObject({ code: 0 });
    expect(Object.keys(parquetHashes(lake))).toHaveLength(8);
    expect(parquetHashes(lake)).toEqual(await undisturbedHashes());
  });

  test('month by month, and the last days in two steps, the newest first', async () => {
    const lake = temporaryFolder();
    for (const [from, to] of [
      ['2024-05-02', '2024-05-03T10:00Z'],
      ['2024-02-10', '2024-03-01'],
      ['2024-03-01', '2024-04-01'],
      ['2024-04-01', '2024-05-01'],
      ['2024-05-01', '2024-05-03T10:00Z'],
    ]) {
      expect(await run(lake, '--from', from!, '--to', to!)).toMatchObject({ code: 0 });
    }
    expect(parquetHashes(lake)).toEqual(await undisturbedHashes());
  });

  test('day by day as time goes on, daily files and REST giving way to the monthly file', async () => {
    const lake = temporaryFolder();
    const clocks = ['2024-04-28T22:00:05Z', '2024-04-30T06:00:05Z', '2024-05-01T23:30:05Z', '2024-05-03T10:00:05Z'];
    for (const now of clocks) {
      const then = await startExchange({ nowMs: Date.parse(now) });
      const args = ['run', ...WHAT, '--from', '2024-02-10', '--lake', lake, '--json'];
      expect(await runLake(args, { exchangeUrl: then.url })).toMatchObject({ code: 0 });
      await then.close();
    }
    expect(parquetHashes(lake)).toEqual(await undisturbedHashes());
  });
});

describe('a second run', () => {
  test('fetches nothing, computes nothing, writes no table', async () => {
    const { lake, hashes: before } = await undisturbedLake();
    exchange.requests.length = 0;
    const again = await run(lake, ...RANGE);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    const fetched = exchange.requests.filter(({ path }) => /\.zip|klines\?/.test(path));
    expect(fetched).toEqual([]);
    expect(parquetHashes(lake)).toEqual(before);
  });
});

describe('a run that is killed', () => {
  test('at any moment leaves a lake that the next run completes to the same bytes', async () => {
    const want = await undisturbedHashes();
    const lake = temporaryFolder();
    let killed = 0;
    // Every kill comes a little later than the one before; the lake is never cleaned in between.
    for (let kill = 0; kill < 9; kill++) {
      const args = ['run', ...WHAT, ...RANGE, '--lake', lake, '--json'];
      const ended = await runLake(args, { exchangeUrl: exchange.url, killAfterMs: 200 + 90 * kill });
      if (ended.signal === 'SIGKILL') killed++;
      if (kill % 2 === 1) continue;
      // A copy is completed, so that the next kill meets the lake as this one left it.
      const copy = temporaryFolder();
      if (existsSync(lake)) cpSync(lake, copy, { recursive: true });
      expect(await run(copy, ...RANGE)).toMatchObject({ code: 0 });
      expect(parquetHashes(copy)).toEqual(want);
    }
    expect(killed).toBeGreaterThan(2);
    expect(await run(lake, ...RANGE)).toMatchObject({ code: 0 });
    expect(parquetHashes(lake)).toEqual(want);
  });

  test('by Ctrl-C says so in one line, and the next run continues', async () => {
    const lake = temporaryFolder();
    exchange.faults.add({ kind: 'slow', durationMs: 5_000, match: '2024-03.zip' });
    const args = ['run', ...WHAT, ...RANGE, '--lake', lake];
    const ended = await runLake(args, { exchangeUrl: exchange.url, killAfterMs: 2_500, signalName: 'SIGINT' });
    expect(ended).toMatchObject({ code: 130 });
    expect(ended.stderr).toMatch(/lake: interrupted/);
    exchange.faults.clear();
    expect(await run(lake, ...RANGE)).toMatchObject({ code: 0 });
    expect(parquetHashes(lake)).toEqual(await undisturbedHashes());
  });
});

describe('a chunk that cannot be fetched', () => {
  test('does not stop the others; the run ends incomplete, names it, and a later run heals it', async () => {
    const lake = temporaryFolder();
    exchange.faults.add({ kind: 'wrong_checksum', match: 'ETHUSDT-1h-2024-03.zip' });
    const ended = await run(lake, ...RANGE);
    expect(ended.code).toBe(1);
    const report = JSON.parse(ended.stdout);
    expect(report).toMatchObject({ complete: false, failures: [{ stage: 'fetch', error: 'CorruptObject' }] });
    expect(report.summary).toMatch(/um\/ETHUSDT\/1h archive_monthly 2024-03/);
    expect(existsSync(join(lake, 'candles/market=um/symbol=BTCUSDT/interval=1h/period=2024/candles.parquet'))).toBe(
      true,
    );
    exchange.faults.clear();
    expect(await run(lake, ...RANGE)).toMatchObject({ code: 0 });
    expect(parquetHashes(lake)).toEqual(await undisturbedHashes());
  });

  test('REST refused for the region: the archive alone is used, and the run says so', async () => {
    const lake = temporaryFolder();
    exchange.faults.add({ kind: 'status', status: 451, match: '/fapi/' });
    const ended = await runLake(['run', ...WHAT, '--from', '2024-03-01', '--to', '2024-05-01', '--lake', lake], {
      exchangeUrl: exchange.url,
      env: { CANDLELAKE_NOW: '2024-05-03T10:00:05Z' },
    });
    expect(ended.stdout).toMatch(/451/);
    expect(ended.code).toBe(0);
    expect(Object.keys(parquetHashes(lake))).toHaveLength(8);
  });
});
