import { countOpenTimes } from '../../lib/domain/interval.ts';
import type { Series } from '../../lib/domain/series.ts';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { auditedLake } from '../support/audited-lake.ts';
import { candleTimesOf, type LedgerRow, ledgerOf } from '../support/tables.ts';
import { at } from '../support/time.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const NOW = '2024-04-03T10:00:05Z';
const CLOSED = '2024-04-03T10:00:00Z';
const BTC: Series = { market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const WHAT = { symbols: ['BTCUSDT'], interval: '1h' };
const FEBRUARY = { ...WHAT, from: '2024-02-01', to: '2024-03-01' };
const MARCH = { ...WHAT, from: '2024-03-01', to: '2024-04-01' };
const TO_NOW = { ...WHAT, from: '2024-03-01' };

let exchange: Exchange;
let lake: WorkflowLake;
beforeEach(async () => {
  exchange = await startExchange({ nowMs: at(NOW) });
  lake = workflowLake(() => exchange);
});
afterEach(() => exchange.close());

/** The whole account of the stored tables: its beginning, its end, and whether the counts add up. */
async function account() {
  const rows = await ledgerOf({ store: lake.store, series: BTC });
  const candles = await candleTimesOf({ store: lake.store, series: BTC });
  const fromMs = Math.min(...rows.map((row) => row.fromMs), ...candles);
  const toMs = Math.max(...rows.map((row) => row.toMs), ...candles.map((timeMs) => timeMs + 3_600_000));
  const explained = rows.reduce((sum, row) => sum + row.intervals - row.candles, 0);
  const grid = countOpenTimes('1h', { fromMs, toMs });
  return { rows, to: new Date(toMs).toISOString(), missing: grid - candles.length - explained };
}

function tail({ rows }: { readonly rows: readonly LedgerRow[] }) {
  const { fromMs, toMs, class: kind, evidence } = rows.at(-1)!;
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), kind, why: evidence['why'] };
}

describe('the stored ledger reaches from the listing to the last run that recorded something new', () => {
  test('also if only one month of long ago was wanted; a second or later run changes nothing', async () => {
    expect(await lake.run(FEBRUARY)).toMatchObject({ complete: true });
    const stored = await account();
    expect(stored).toMatchObject({ to: '2024-04-03T10:00:00.000Z', missing: 0 });
    expect(tail(stored)).toEqual({
      from: '2024-03-01T00:00:00.000Z',
      to: '2024-04-03T10:00:00.000Z',
      kind: 'unknown',
      why: 'not_asked',
    });
    const before = new Map(lake.store.objects);
    await exchange.close();
    exchange = await startExchange({ nowMs: at(NOW) + 5 * 3_600_000 });
    expect(await lake.run(FEBRUARY)).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
    const changed = [...lake.store.objects].filter(
      ([key, bytes]) => !/^(runs|checks|run_reports)\//.test(key) && before.get(key) !== bytes,
    );
    expect(changed.map(([key]) => key)).toEqual([]);
  });

  test('what is fetched later takes its place, and comes to the ledger of one run', async () => {
    await lake.run(FEBRUARY);
    expect(await lake.run(MARCH)).toMatchObject({ complete: true });
    const stored = await account();
    expect(stored).toMatchObject({ to: '2024-04-03T10:00:00.000Z', missing: 0 });
    expect(tail(stored)).toMatchObject({ from: '2024-04-01T00:00:00.000Z', kind: 'unknown' });
    const once = workflowLake(() => exchange);
    await once.run({ ...WHAT, from: '2024-02-01', to: '2024-04-01' });
    expect(await ledgerOf({ store: once.store, series: BTC })).toEqual(stored.rows);
  });

  test('451: the days that no file has yet are unknown, and candles once REST is in reach', async () => {
    exchange.faults.add({ kind: 'status', status: 451, match: '/fapi/' });
    const report = await lake.run(TO_NOW);
    expect(report.notices.join()).toMatch(/451/);
    const blocked = await account();
    // The last daily file is of the day before.
    expect(tail(blocked)).toMatchObject({ from: '2024-04-03T00:00:00.000Z', kind: 'unknown', why: 'not_asked' });
    expect(blocked).toMatchObject({ to: new Date(CLOSED).toISOString(), missing: 0 });
    exchange.faults.clear();
    expect(await lake.run(TO_NOW)).toMatchObject({ complete: true });
    const whole = await account();
    expect(whole).toMatchObject({ to: new Date(CLOSED).toISOString(), missing: 0 });
    expect(whole.rows.every((row) => row.toMs <= at('2024-03-01'))).toBe(true);
  });

  test('a series that could not be fetched is entirely in the ledger, and heals to the undisturbed bytes', async () => {
    exchange.faults.add(
      { kind: 'status', status: 404, match: '.zip' },
      { kind: 'status', status: 500, match: 'klines?' },
    );
    const report = await lake.run(TO_NOW);
    expect(report.complete).toBe(false);
    const failed = await account();
    expect(failed).toMatchObject({ to: new Date(CLOSED).toISOString(), missing: 0 });
    expect(failed.rows.map((row) => row.class)).toContain('fetch_failed');
    expect(report.series).toMatchObject([{ shards: [{ candles: 0 }] }]);
    exchange.faults.clear();
    expect((await auditedLake(exchange, lake.store).audit({ sample: 1 })).findings).toEqual([]);
    expect(await lake.run(TO_NOW)).toMatchObject({ complete: true });
    const whole = workflowLake(() => exchange);
    await whole.run(TO_NOW);
    expect(await lake.candles()).toEqual(await whole.candles());
    expect((await account()).rows).toEqual(await ledgerOf({ store: whole.store, series: BTC }));
  });
});
