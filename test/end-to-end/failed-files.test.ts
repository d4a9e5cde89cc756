import type { Series } from '../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { Fault } from '../../lib/exchange/simulated/fault.ts';
import { withoutRows } from '../../lib/exchange/simulated/instruments.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import { failureKey } from '../../lib/lake/keys.ts';
import { damagedCopy } from '../support/damage.ts';
import { temporaryFolder } from '../support/folder.ts';
import { differences } from '../support/lake-faults.ts';
import { runLake } from '../support/lake-process.ts';
import { ledgerOf } from '../support/tables.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';
import { shardsOf } from './wild-lake.ts';

// A file of the archive that fails for good, although others have its candles.

const NOW_MS = Date.parse('2024-04-03T10:00:05Z');
const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const REQUEST = { symbols: ['BTCUSDT'], interval: '1h', from: '2024-01-01', to: '2024-04-01' };
const FEBRUARY = 'monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip';
const FEBRUARY_NAME = 'um/BTCUSDT/1h archive_monthly 2024-02';
const FEBRUARY_HOURS = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') };
const DAY = { fromMs: Date.parse('2024-02-15'), toMs: Date.parse('2024-02-16') };
const BROKEN: Fault = { kind: 'truncated_zip', match: FEBRUARY };
const BLOCKED: Fault = { kind: 'status', status: 451, match: '/fapi/' };

let exchange: Exchange;
let lake: WorkflowLake;
let whole: WorkflowLake;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW_MS });
  whole = workflowLake(() => exchange);
  await whole.run(REQUEST);
});
beforeEach(() => {
  exchange.faults.clear();
  lake = workflowLake(() => exchange);
});
afterAll(() => exchange.close());

/** Rows of the ledger without those that no run requested. Rows that differ only in their evidence are joined. */
async function story(of = lake): Promise<(string | number)[][]> {
  const joined: { class: string; fromMs: number; toMs: number; candles: number }[] = [];
  for (const { class: kind, fromMs, toMs, candles, evidence } of await ledgerOf({ store: of.store, series: BTC })) {
    if (evidence['why'] === 'not_asked') continue;
    const last = joined.at(-1);
    if (last?.class === kind && last.toMs === fromMs) Object.assign(last, { toMs, candles: last.candles + candles });
    else joined.push({ class: kind, fromMs, toMs, candles });
  }
  return joined.map((row) => [row.class, row.fromMs, row.toMs, row.candles]);
}

const HEALED_FEBRUARY = [['archive_hole', FEBRUARY_HOURS.fromMs, FEBRUARY_HOURS.toMs, 696]];
const files = (path: string) => lake.asked(path).filter((asked) => asked.endsWith('.zip'));

describe('REST has its candles', () => {
  describe('a file that is cut off', () => {
    let report: RunReport;
    let healed: WorkflowLake;
    let asked: string[];
    beforeAll(async () => {
      exchange.faults.clear();
      exchange.faults.add(BROKEN);
      healed = workflowLake(() => exchange);
      report = await healed.run(REQUEST);
      asked = healed.asked('/klines?');
    });
    /** The lake as that run left it. */
    const copy = async () => workflowLake(() => exchange, { store: await damagedCopy(healed.store) });

    test('the run is incomplete, and names the file, its error and that it is healed', () => {
      expect(report).toMatchObject({ complete: false, failures: [{ stage: 'fetch', name: FEBRUARY_NAME }] });
      expect(report.healed).toEqual(report.failures);
      expect(report.healed[0]).toMatchObject({
        error: 'CorruptObject',
        message: expect.stringContaining('has sha256'),
      });
      expect(report.notices).toEqual(['asked REST for 696 candles that archive files lack']);
      expect(report.summary).toContain(`incomplete: 1 of 5 chunks failed: ${FEBRUARY_NAME} (CorruptObject: `);
      expect(report.summary).toMatch(/\); healed by other sources: um\/BTCUSDT\/1h archive_monthly 2024-02$/);
    });

    test('the same run asks REST for its candles, and has every one', async () => {
      // 499 candles a page.
      expect(asked).toHaveLength(2);
      expect(shardsOf(report, 'BTCUSDT')).toMatchObject([{ candles: 91 * 24, missing: 0 }]);
      expect(await healed.candles()).toEqual(await whole.candles());
    });

    test('the ledger has its hours as a hole of the archive, with answers and failure as evidence', async () => {
      expect(await story(healed)).toEqual(HEALED_FEBRUARY);
      const rows = await ledgerOf({ store: healed.store, series: BTC });
      const [row] = rows.filter(({ class: kind }) => kind === 'archive_hole');
      expect(row!.evidence).toMatchObject({
        rest: [expect.any(String)],
        asked: 1,
        failures: [{ error: 'CorruptObject' }],
      });
    });

    test('a second run asks for the file again and for nothing else, and computes nothing', async () => {
      exchange.faults.add(BROKEN);
      const lake = await copy();
      expect(await lake.run(REQUEST)).toMatchObject({
        complete: false,
        healed: [{ name: FEBRUARY_NAME }],
        notices: [],
        recomputedShards: 0,
      });
      expect(lake.asked(FEBRUARY).filter((path) => path.endsWith('.zip')).length).toBeGreaterThan(0);
      expect(lake.asked('klines?')).toEqual([]);
    });

    test('once the file can be fetched it replaces the answers, to the bytes of a lake without the fault', async () => {
      const lake = await copy();
      const mended = await lake.run(REQUEST);
      expect(mended).toMatchObject({ complete: true, failures: [], healed: [], fetchedChunks: 1 });
      expect(differences(lake.store, whole.store)).toEqual([]);
      expect(await lake.run(REQUEST)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    });
  });

  test('although the series has no candle yet', async () => {
    exchange.faults.add(BROKEN);
    const report = await lake.run({ ...REQUEST, from: '2024-02-01', to: '2024-03-01' });
    expect(report).toMatchObject({
      complete: false,
      failures: [{ name: FEBRUARY_NAME }],
      healed: [{ name: FEBRUARY_NAME }],
    });
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([{ candles: 696, missing: 0 }]);
  });

  test('and only those of its hours that the run wants are asked for', async () => {
    exchange.faults.add(BROKEN);
    const report = await lake.run({ ...REQUEST, from: '2024-02-20' });
    expect(report).toMatchObject({
      complete: false,
      failures: [{ name: FEBRUARY_NAME }],
      healed: [{ name: FEBRUARY_NAME }],
    });
    expect(report.notices).toEqual(['asked REST for 240 candles that archive files lack']);
    expect(await story()).toEqual([
      ['fetch_failed', FEBRUARY_HOURS.fromMs, Date.parse('2024-02-20'), 0],
      ['archive_hole', Date.parse('2024-02-20'), FEBRUARY_HOURS.toMs, 240],
    ]);
  });

  test('a daily file as well', async () => {
    exchange.faults.add({ kind: 'missing_checksum', match: 'BTCUSDT-1h-2024-04-01.zip' });
    const report = await lake.run({ ...REQUEST, to: '2024-04-03' });
    expect(report).toMatchObject({ complete: false, healed: [{ name: 'um/BTCUSDT/1h archive_daily 2024-04-01' }] });
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([{ candles: 93 * 24, missing: 0 }]);
  });

  test('except a day: that stays fetch_failed, because the file may have it, and REST is not asked again', async () => {
    const without = await startExchange({ nowMs: NOW_MS, candles: withoutRows(seededCandles(), 'BTCUSDT', DAY) });
    const lakeOfDay = workflowLake(() => without);
    without.faults.add(BROKEN);
    const report = await lakeOfDay.run(REQUEST);
    expect(report).toMatchObject({ complete: false, failures: [{ name: FEBRUARY_NAME }], healed: [] });
    expect(shardsOf(report, 'BTCUSDT')).toMatchObject([
      { missing: 24, accounted: { archive_hole: { candles: 672 }, fetch_failed: { intervals: 24, candles: 0 } } },
    ]);
    expect(await lakeOfDay.run(REQUEST)).toMatchObject({ complete: false, notices: [] });
    expect(lakeOfDay.asked('klines?')).toEqual([]);
    // The file comes, and lacks it too: both have nothing.
    without.faults.clear();
    const mended = await lakeOfDay.run(REQUEST);
    expect(mended).toMatchObject({ complete: true, failures: [] });
    expect(shardsOf(mended, 'BTCUSDT')).toMatchObject([{ accounted: { exchange_absent: { intervals: 24 } } }]);
    expect(shardsOf(mended, 'BTCUSDT')[0]!.accounted).not.toHaveProperty('fetch_failed');
    await without.close();
  });

  test('and fails too: the run is incomplete, names both, hours are fetch_failed; a later run heals', async () => {
    exchange.faults.add(BROKEN, { kind: 'status', status: 403, match: '/v1/klines' });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, healed: [] });
    expect(report.failures.map(({ name, error }) => [name, error])).toEqual([
      [FEBRUARY_NAME, 'CorruptObject'],
      [expect.stringMatching(/^um\/BTCUSDT\/1h rest 20240201T000000Z-/), 'ExchangeRefused'],
      [expect.stringMatching(/^um\/BTCUSDT\/1h rest .*-20240301T000000Z$/), 'ExchangeRefused'],
    ]);
    expect(await story()).toEqual([['fetch_failed', FEBRUARY_HOURS.fromMs, FEBRUARY_HOURS.toMs, 0]]);
    exchange.faults.clear();
    exchange.faults.add(BROKEN);
    expect(await lake.run(REQUEST)).toMatchObject({
      failures: [{ name: FEBRUARY_NAME }],
      healed: [{ name: FEBRUARY_NAME }],
    });
    expect(await story()).toEqual(HEALED_FEBRUARY);
  });

  test('of all of an archive that fails', async () => {
    exchange.faults.add({ kind: 'status', status: 403, match: '.zip' });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, fetchedChunks: 5 });
    for (const list of [report.failures, report.healed]) {
      expect(list.map(({ name }) => name.slice(-7))).toEqual(['2024-01', '2024-02', '2024-03']);
    }
    expect(await lake.candles()).toEqual(await whole.candles());
    exchange.faults.clear();
    await lake.run(REQUEST);
    expect(differences(lake.store, whole.store)).toEqual([]);
  });
});

test('refined shard by shard, each in an invocation of its own: the same lake', async () => {
  exchange.faults.add(BROKEN);
  const request = { ...REQUEST, from: '2023-11-01' };
  const atOnce = workflowLake(() => exchange);
  const { failures, healed } = await atOnce.run(request);
  const piecemeal = workflowLake(() => exchange, { outOfTime: () => true });
  const report = await piecemeal.run(request);
  expect(report).toMatchObject({ failures, healed, notices: ['asked REST for 696 candles that archive files lack'] });
  expect(shardsOf(report, 'BTCUSDT').map(({ period, recomputed }) => [period, recomputed])).toEqual([
    ['2023', true],
    ['2024', true],
  ]);
  expect(differences(piecemeal.store, atOnce.store)).toEqual([]);
});

describe('REST cannot be asked, and daily files have its candles', () => {
  test('451: the days of the month are fetched in the same run', async () => {
    exchange.faults.add(BROKEN, BLOCKED);
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({
      failures: [{ name: FEBRUARY_NAME }],
      healed: [{ name: FEBRUARY_NAME }],
      fetchedChunks: 2 + 29,
    });
    expect(report.notices).toContain('asked daily files for 696 candles that archive files lack');
    expect(files('/daily/')).toHaveLength(29);
    expect(await lake.candles()).toEqual(await whole.candles());
    expect(await story()).toEqual(HEALED_FEBRUARY);
    await lake.run(REQUEST);
    expect(files('/daily/')).toEqual([]);
    exchange.faults.clear();
    await lake.run(REQUEST);
    expect(differences(lake.store, whole.store)).toEqual([]);
  });

  test('451, and every monthly file fails: all candles are from daily files, without a candle before', async () => {
    exchange.faults.add({ kind: 'truncated_zip', match: '/monthly/' }, BLOCKED);
    const report = await lake.run(REQUEST);
    expect(report.healed.map(({ name }) => name.slice(-7))).toEqual(['2024-01', '2024-02', '2024-03']);
    expect(files('/daily/')).toHaveLength(91);
    expect(await lake.candles()).toEqual(await whole.candles());
  });

  test('451, and the file landed broken under a checksum that agrees: the days are fetched in its place', async () => {
    exchange.faults.add({ ...BROKEN, checksumAgrees: true }, BLOCKED);
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: true, failures: [], healed: [{ name: FEBRUARY_NAME }] });
    expect(report.healed[0]!.message).toContain('BTCUSDT-1h-2024-02.zip is not a whole zip');
    expect(files('/daily/')).toHaveLength(29);
    expect(await lake.candles()).toEqual(await whole.candles());
    expect(await story()).toEqual(HEALED_FEBRUARY);
    expect(await lake.run(REQUEST)).toMatchObject({ fetchedChunks: 0, recomputedShards: 0 });
    expect(files('')).toEqual([]);
  });

  test('451, and a day cannot be fetched: that stays fetch_failed and the run incomplete', async () => {
    exchange.faults.add(BROKEN, BLOCKED, { kind: 'missing_file', match: 'BTCUSDT-1h-2024-02-15.zip' });
    const report = await lake.run(REQUEST);
    expect(report.failures.map(({ name, error }) => [name, error])).toEqual([
      [FEBRUARY_NAME, 'CorruptObject'],
      ['um/BTCUSDT/1h archive_daily 2024-02-15', 'NotPublished'],
    ]);
    expect(await story()).toEqual([
      ['archive_hole', FEBRUARY_HOURS.fromMs, DAY.fromMs, 336],
      ['fetch_failed', DAY.fromMs, DAY.toMs, 0],
      ['archive_hole', DAY.toMs, FEBRUARY_HOURS.toMs, 336],
    ]);
    const failed = (source: 'archive_monthly' | 'archive_daily', range: typeof DAY) =>
      lake.json(failureKey({ series: BTC, source, range }));
    expect([failed('archive_monthly', FEBRUARY_HOURS), failed('archive_daily', DAY)]).toMatchObject([
      [{ error: 'CorruptObject' }],
      [{ error: 'NotPublished' }],
    ]);
  });

  test('451, and the archive does not tell which there are: the run says so and goes on to its end', async () => {
    const listing = 'prefix=data/futures/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02';
    exchange.faults.add(BROKEN, BLOCKED, { kind: 'status', status: 403, match: listing });
    const report = await lake.run(REQUEST);
    expect(report).toMatchObject({ complete: false, failures: [{ name: FEBRUARY_NAME }] });
    expect(report.notices.at(-1)).toMatch(
      /^archive did not tell which daily files it has for the holes of 1 series: .*HTTP 403/,
    );
  });

  test('a daily file that has failed is not tried twice in a run', async () => {
    exchange.faults.add(BLOCKED, { kind: 'missing_file', match: 'BTCUSDT-1h-2024-04-01.zip' });
    const report = await lake.run({ ...REQUEST, to: '2024-04-02' });
    expect(report).toMatchObject({ complete: false, failures: [{ error: 'NotPublished' }] });
    expect(lake.asked('BTCUSDT-1h-2024-04-01.zip.CHECKSUM')).toHaveLength(1);
  });

  test('of a symbol that REST no longer knows', async () => {
    const then = await startExchange({ nowMs: Date.parse('2022-06-10T10:00:05Z') });
    const lakeOfThen = workflowLake(() => then);
    then.faults.add({ kind: 'wrong_checksum', match: 'LUNAUSDT-1h-2022-04.zip' });
    const report = await lakeOfThen.run({ symbols: ['LUNAUSDT'], interval: '1h', from: '2022-04-01' });
    expect(report).toMatchObject({ complete: false, healed: [{ name: 'um/LUNAUSDT/1h archive_monthly 2022-04' }] });
    expect(shardsOf(report, 'LUNAUSDT')[0]!.accounted).toMatchObject({
      archive_hole: { intervals: 720, candles: 720 },
    });
    await then.close();
  });
});

test('through the command line: a file that fails is named, the run ends with 1 and lacks nothing', async () => {
  exchange.faults.add(BROKEN);
  const args = ['run', '--symbols', 'BTCUSDT', '--interval', '1h', '--from', '2024-02-01', '--to', '2024-03-01'];
  const ended = await runLake([...args, '--lake', temporaryFolder()], { exchangeUrl: exchange.url });
  expect(ended.code).toBe(1);
  expect(ended.stdout).toMatch(/^ {2}failed: fetch um\/BTCUSDT\/1h archive_monthly 2024-02: CorruptObject:$/m);
  expect(ended.stdout).toMatch(/^ {2}healed by other sources: um\/BTCUSDT\/1h archive_monthly 2024-02$/m);
  expect(ended.stdout).toMatch(/^ {2}missing {4}0 candles$/m);
  expect(ended.stdout).toMatch(/^ {2}holes {6}696 archive_hole \(healed\)$/m);
});
