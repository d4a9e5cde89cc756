import type { Series } from '../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { withoutRows } from '../../lib/exchange/simulated/instruments.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { failureKey } from '../../lib/lake/keys.ts';
import type { HolesPlan } from '../../lib/lake/plan/contract.ts';
import type { VersionRecord } from '../../lib/lake/versions/contract.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { parquetPaths } from '../support/parquet.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const NOW_MS = Date.parse('2024-04-03T10:00:05Z');
const REQUEST = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', from: '2024-02-01', to: '2024-04-01' };
const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const FEBRUARY = 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip';
const DAY = { fromMs: Date.parse('2024-02-15'), toMs: Date.parse('2024-02-16') };

let exchange: Exchange;
let lake: WorkflowLake;
beforeEach(async () => {
  exchange = await startExchange({ nowMs: NOW_MS });
  lake = workflowLake(() => exchange);
});
afterEach(() => exchange.close());

function shardsOf(report: Awaited<ReturnType<WorkflowLake['run']>>, symbol: string) {
  return report.series.find(({ series }) => series.symbol === symbol)!.shards;
}

describe('a day that a monthly file lacks', () => {
  test('and REST has: one run asks for it and ends with every candle', async () => {
    const whole = workflowLake(() => exchange);
    await whole.run(REQUEST);
    exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: FEBRUARY });

    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, failures: [], fetchedChunks: 4 + 1 });
    expect(report.notices).toEqual(['asked REST for 24 candles that archive files lack']);
    expect(lake.asked('/klines?')).toHaveLength(1);
    expect(report.summary).toBe('complete: 2,880 candles, 2 shards of 2 series');
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } }, recomputed: true },
    ]);
    expect(shardsOf(report, 'ETHUSDT')).toMatchObject([{ recomputed: true }]);
    expect(report.recomputedShards).toBe(2);
    expect(await lake.candles()).toEqual(await whole.candles());
    const [holes] = lake.json<HolesPlan>('/holes.json');
    expect(holes).toMatchObject({ candles: 24, leftCandles: 0, series: [{ series: BTC, madePeriods: ['2024'] }] });

    const again = await lake.run(REQUEST);
    expect(again).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0, notices: [] });
    expect(lake.asked('klines?')).toEqual([]);
  });

  test('and streams are wanted too: their files come after the requests for holes, in the same run', async () => {
    exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: FEBRUARY });
    const request = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-02-10', to: '2024-02-20', streams: true };
    const report = await lake.run(request);
    expect(report).toMatchObject({ complete: true, failures: [], fetchedChunks: 1 + 1 });
    expect(report.notices).toContain('asked REST for 24 candles that archive files lack');
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([{ missing: 0 }]);
    expect(report.streams).toMatchObject({ tables: { mark_candles: { rows: 29 * 24, missing: 0 } } });
    const asked = lake.asked('');
    const aboutHole = asked.findIndex((path) => path.includes('/klines?'));
    const ofStreams = asked.findIndex((path) => path.endsWith('BTCUSDT-fundingRate-2024-02.zip'));
    expect(aboutHole).toBeGreaterThanOrEqual(0);
    expect(ofStreams).toBeGreaterThan(aboutHole);
  });

  test('and REST lacks too: the empty answer is evidence, and REST is not asked again', async () => {
    exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: 'BTCUSDT' });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, failures: [] });
    expect(lake.asked('/klines?')).toHaveLength(1);
    const window = 'source=rest/20240215T000000Z-20240216T000000Z/';
    const landed = [...lake.store.objects.keys()].filter((key) => key.includes(window) && !key.includes('receipt'));
    expect(landed.map((key) => Buffer.from(lake.store.objects.get(key)!).toString())).toEqual(['[]']);
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([
      { missing: 24, accounted: { exchange_absent: { intervals: 24, candles: 0 } } },
    ]);

    const again = await lake.run(REQUEST);
    expect(again).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    expect(lake.asked('klines?')).toEqual([]);
  });

  test('an outage of both that is longer than a page is asked about page by page', async () => {
    const outage = { fromMs: Date.parse('2024-02-02T05:00Z'), toMs: Date.parse('2024-02-27T05:00Z') };
    await exchange.close();
    exchange = await startExchange({ nowMs: NOW_MS, candles: withoutRows(seededCandles(), 'BTCUSDT', outage) });
    expect(await lake.run(REQUEST)).toMatchObject({ complete: true });
    // 600 hours, 499 a page; nothing is where it is asked for, so two windows are two requests.
    expect(lake.asked('/klines?')).toHaveLength(2);
    expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    expect(lake.asked('klines?')).toEqual([]);
  });

  test('451: the daily file of that day is asked', async () => {
    exchange.faults.add(
      { kind: 'missing_day', day: '2024-02-15', match: FEBRUARY },
      { kind: 'status', status: 451, match: '/fapi/' },
    );
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, failures: [], fetchedChunks: 4 + 1 });
    expect(report.notices).toContain('asked daily files for 24 candles that archive files lack');
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } } },
    ]);
    expect(lake.asked('/klines?')).toEqual([]);
    expect(lake.zipsAsked().filter((path) => path.includes('/daily/'))).toHaveLength(1);
    const again = await lake.run(REQUEST);
    expect(again).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    expect(lake.asked('/daily/klines/BTCUSDT')).toEqual([]);
  });

  test('451, and the daily file is missing: it stays unknown, and a run heals it when REST is in reach', async () => {
    exchange.faults.add(
      { kind: 'missing_day', day: '2024-02-15', match: FEBRUARY },
      { kind: 'missing_file', match: 'BTCUSDT-1h-2024-02-15.zip' },
      { kind: 'status', status: 451, match: '/fapi/' },
    );
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, failures: [{ error: 'NotPublished' }] });
    const [shard] = shardsOf(report, 'BTCUSDT');
    // From the listing to the first day wanted nobody was asked.
    expect(shard).toMatchObject({ missing: 24, accounted: { unknown: { candles: 0 } } });
    expect(shard!.accounted.unknown!.intervals).toBe(shard!.unasked + 24);
    expect(lake.asked('/klines?')).toEqual([]);

    exchange.faults.clear();
    const healed = await lake.run(REQUEST);
    expect(shardsOf(healed, 'BTCUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } } },
    ]);
    // exchangeInfo has the hour of the listing, the archive only the month. So the other symbol's account now begins
    // there, and nothing else of it changes.
    expect(healed).toMatchObject({ complete: true, recomputedShards: 2 });
    const versions = lake.json<VersionRecord>('symbol=ETHUSDT/interval=1h/period=2024/20240403T');
    expect(versions.map(({ reason, restated }) => [reason, restated])).toEqual([
      ['created', []],
      ['evidence_changed', ['gaps']],
    ]);
  });

  test('outside of what a run wants is left to a run that wants it', async () => {
    exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: FEBRUARY });
    const late = await lake.run({ ...REQUEST, from: '2024-02-20' });
    const [shard] = shardsOf(late, 'BTCUSDT');
    expect(shard).toMatchObject({ missing: 24, accounted: { unknown: { candles: 0 } } });
    expect(shard!.accounted.unknown!.intervals).toBe(shard!.unasked + 24);
    expect(shardsOf(await lake.run(REQUEST), 'BTCUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } } },
    ]);
  });

  test('of a symbol that REST no longer knows is asked of its daily file', async () => {
    await exchange.close();
    exchange = await startExchange({ nowMs: Date.parse('2022-06-10T10:00:05Z') });
    exchange.faults.add({ kind: 'missing_day', day: '2022-05-03', match: 'LUNAUSDT-1h-2022-05.zip' });
    const report = await lake.run({ symbols: ['LUNAUSDT'], interval: '1h', from: '2022-05-01' });
    expect(report.complete).toBe(true);
    expect(shardsOf(report, 'LUNAUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } } },
    ]);
    expect(lake.asked('/klines?')).toEqual([]);
  });

  test.each([
    { market: 'spot', symbol: 'BTCUSDT' },
    { market: 'cm', symbol: 'BTCUSD_PERP' },
  ])('heals in market $market as well', async ({ market, symbol }) => {
    exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: `${symbol}-1h-2024-02.zip` });
    const report = await lake.run({ ...REQUEST, market, symbols: [symbol] });
    expect(report).toMatchObject({ complete: true });
    expect(shardsOf(report, symbol)).toMatchObject([{ missing: 0, candles: 1440 }]);
  });
});

describe('a hole that cannot be asked about', () => {
  test('leaves the run incomplete, with the chunk named and written down; a later run heals it', async () => {
    exchange.faults.add(
      { kind: 'missing_day', day: '2024-02-15', match: FEBRUARY },
      { kind: 'status', status: 403, match: '/v1/klines' },
    );
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, fetchedChunks: 4, failures: [{ error: 'ExchangeRefused' }] });
    expect(report.failures[0]!.name).toBe('um/BTCUSDT/1h rest 20240215T000000Z-20240216T000000Z');
    const key = failureKey({ series: BTC, source: 'rest', range: DAY });
    // Three pauses of patience later: a 403 may pass.
    const atMs = NOW_MS + 500 + 1_000 + 2_000;
    expect(lake.json(key)).toMatchObject([{ error: 'ExchangeRefused', source: 'rest', range: DAY, atMs }]);

    exchange.faults.clear();
    const healed = await lake.run(REQUEST);
    expect(healed).toMatchObject({ complete: true, failures: [] });
    expect(shardsOf(healed, 'BTCUSDT')).toMatchObject([
      { missing: 0, accounted: { archive_hole: { intervals: 24, candles: 24 } } },
    ]);
    // What failed once stays written; the receipt for the same hours makes it moot.
    expect(lake.json(key)).toHaveLength(1);
    expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0 });
  });
});

test('through the command line: one lake run heals a hole, and says that it asked', async () => {
  exchange.faults.add({ kind: 'missing_day', day: '2024-02-15', match: FEBRUARY });
  const folder = temporaryFolder();
  const args = ['run', '--symbols', 'BTCUSDT', '--interval', '1h', '--from', '2024-02-01', '--to', '2024-04-01'];
  const ended = await runLake([...args, '--lake', folder], { exchangeUrl: exchange.url });
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/^asked REST for 24 candles that archive files lack$/m);
  expect(ended.stdout).toMatch(/^ {2}missing {4}0 candles$/m);
  expect(ended.stderr).toMatch(/^plan holes .*\nfetch holes +1\/1 batches\nrefine holes +1\/1 series$/m);
  // The four tables as they are healed, and as they were before.
  const [kept, served] = ['versions/', ''].map((prefix) =>
    parquetPaths(folder).filter((path) => path.startsWith(prefix)),
  );
  expect([served!.length - kept!.length, kept!.length]).toEqual([4, 4]);
});
