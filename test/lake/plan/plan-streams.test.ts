import { streamTitle } from '../../../lib/domain/stream.ts';
import { isoTime } from '../../../lib/domain/time-range.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../../lib/exchange/simulated/exchange.ts';
import { withInstruments } from '../../../lib/exchange/simulated/instruments.ts';
import { seededCandles } from '../../../lib/exchange/simulated/seeded-candles.ts';
import type { StreamBatch } from '../../../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../../../lib/lake/fetch/fetch-batch.ts';
import type { Plan, PlanRequest, StreamItem } from '../../../lib/lake/plan/contract.ts';
import { makePlan, plan } from '../../../lib/lake/plan/plan.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';
import { type StreamLake, streamLake } from '../../support/stream-lake.ts';

const NOW = Date.parse('2024-03-05T10:07:30Z');
let nowMs = NOW;
let exchange: Exchange;
let lake: StreamLake;
beforeEach(() => {
  nowMs = NOW;
  lake = streamLake();
});
afterEach(() => exchange.close());

async function world() {
  const clock = { nowMs: () => nowMs, sleep: async () => {} };
  const defaults = { market: 'um', symbols: ['BTCUSDT'], interval: '1h', period: '10d' };
  return { ...exchangeAccess(clock, exchange.url), store: lake, defaults };
}

async function planned(request: PlanRequest, options: ExchangeOptions = {}): Promise<Plan> {
  exchange = await startExchange({ nowMs: () => nowMs, ...options });
  return makePlan({ runId: 'r', request: { streams: true, ...request } }, await world());
}

const summary = ({ streams }: Plan) =>
  streams!.chunks.map(
    ({ stream, source, range }) => `${streamTitle(stream)} ${source} ${isoTime(range.fromMs)} ${isoTime(range.toMs)}`,
  );

test('nothing of streams is planned unless asked for', async () => {
  exchange = await startExchange({ nowMs: () => nowMs });
  const made = await plan({ runId: 'r', request: {} }, await world());
  expect(Object.keys(made)).not.toContain('streamsKey');
  expect(made.totals.streams).toBeUndefined();
});

test('files first, REST from the last one on, and only what has settled', async () => {
  const made = await planned({ from: '2024-02-28T12:00Z' });
  expect(summary(made)).toEqual([
    'instruments um rest 2024-03-05T09:07:30Z 2024-03-05T10:07:30Z',
    'funding um/BTCUSDT archive_monthly 2024-02-01T00:00:00Z 2024-03-01T00:00:00Z',
    // The page of funding that is open began on 3 March.
    'funding um/BTCUSDT rest 2024-03-01T00:00:00Z 2024-03-03T00:00:00Z',
    'funding um/BTCUSDT rest 2024-03-03T00:00:00Z 2024-03-05T09:00:00Z',
    ...['02-28', '02-29', '03-01', '03-02', '03-03', '03-04'].map((day) => {
      const fromMs = Date.parse(`2024-${day}`);
      return `open_interest um/BTCUSDT archive_daily ${isoTime(fromMs)} ${isoTime(fromMs + 86_400_000)}`;
    }),
    'open_interest um/BTCUSDT rest 2024-03-05T00:00:00Z 2024-03-05T09:55:00Z',
    'mark_candles um/BTCUSDT/1h archive_monthly 2024-02-01T00:00:00Z 2024-03-01T00:00:00Z',
    ...['03-01', '03-02', '03-03', '03-04'].map((day) => {
      const fromMs = Date.parse(`2024-${day}`);
      return `mark_candles um/BTCUSDT/1h archive_daily ${isoTime(fromMs)} ${isoTime(fromMs + 86_400_000)}`;
    }),
    'mark_candles um/BTCUSDT/1h rest 2024-03-05T00:00:00Z 2024-03-05T10:00:00Z',
  ]);
  expect(made.totals.streams).toMatchObject({ streams: 4, files: 12, restRequests: 6, restWeight: 3 });
  expect(made.totals.requests).toBeGreaterThan(2 * 12 + 5);
});

test('without files REST is asked for its 30 days, and what lies before is said to be gone', async () => {
  const made = await planned({ from: '2024-01-01' }, { withdrawn: ['metrics'] });
  const own = summary(made).filter((line) => line.startsWith('open_interest'));
  expect(own).toEqual([
    'open_interest um/BTCUSDT rest 2024-02-04T11:10:00Z 2024-03-05T00:00:00Z',
    'open_interest um/BTCUSDT rest 2024-03-05T00:00:00Z 2024-03-05T09:55:00Z',
  ]);
  const { outOfReach } = made.streams!.streams.find(({ stream }) => stream.name === 'open_interest')!;
  expect(outOfReach).toEqual([{ fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-04T11:10Z') }]);
  expect(made.notices).toEqual([
    'parts of open_interest um/BTCUSDT can be asked of nobody: no file, and REST does not know them any more',
  ]);
  // The snapshot's two, 18 pages of open interest, one of mark candles, and the pages of today, with two of funding.
  expect(made.totals.streams!.restRequests).toBe(2 + 18 + 1 + 3);
});

test.each([
  ['spot', 'BTCUSDT', ['instruments spot']],
  [
    'cm',
    'BTCUSD_PERP',
    ['instruments cm', 'funding cm/BTCUSD_PERP', 'open_interest cm/BTCUSD_PERP', 'mark_candles cm/BTCUSD_PERP/1h'],
  ],
] as const)('market %s has the streams that it has', async (market, symbol, titles) => {
  const made = await planned({ market, symbols: [symbol] });
  expect(made.streams!.streams.map(({ stream }) => streamTitle(stream))).toEqual(titles);
});

test('a dated contract pays no funding', async () => {
  nowMs = Date.parse('2026-05-01T10:00Z');
  const made = await planned({ symbols: ['BTCUSDT_260925'], period: '5d' });
  expect(made.streams!.streams.map(({ stream }) => stream.name)).toEqual([
    'instruments',
    'open_interest',
    'mark_candles',
  ]);
});

test('out of reach of REST the files are planned and no snapshot', async () => {
  exchange = await startExchange({ nowMs, faults: [{ kind: 'status', status: 451, match: '/fapi/' }] });
  const made = await makePlan({ runId: 'r', request: { streams: true, from: '2024-02-20' } }, await world());
  expect(made.archiveOnly).toBe(true);
  expect(new Set(made.streams!.chunks.map(({ source }) => source))).toEqual(
    new Set(['archive_monthly', 'archive_daily']),
  );
  expect(made.streams!.streams.map(({ stream }) => stream.name)).toEqual(['funding', 'open_interest', 'mark_candles']);
});

test('items are written for three maps; a run within the hour finds nothing to fetch', async () => {
  exchange = await startExchange({ nowMs: () => nowMs });
  const request = { streams: true, from: '2024-03-01' };
  const first = await plan({ runId: 'r1', request }, await world());
  const read = <T>(key: string) => JSON.parse(Buffer.from(lake.objects.get(key)!).toString()) as T;
  const items = read<StreamItem[]>(first.streamsKey!);
  expect(items.map(({ file }) => file)).toEqual([
    'instruments_um',
    'funding_um_BTCUSDT',
    'open_interest_um_BTCUSDT',
    'mark_candles_um_BTCUSDT_1h',
  ]);
  const batches = [...read<StreamBatch[]>(first.streamArchiveKey!), ...read<StreamBatch[]>(first.streamRestKey!)];
  expect(batches.map(({ batch }) => batch)).toEqual(['stream-daily-00001', 'stream-rest-00001']);
  for (const batch of batches) await fetchBatch(batch, await world());
  nowMs += 20_000;
  const again = await plan({ runId: 'r2', request }, await world());
  expect(again.totals.streams).toMatchObject({ files: 0, restRequests: 0 });
  expect([read(again.streamArchiveKey!), read(again.streamRestKey!)]).toEqual([[], []]);
});

describe('a symbol that was settled', () => {
  const settledMs = Date.parse('2024-02-20T09:00Z');
  const rangesOf = ({ streams }: Plan) =>
    Object.fromEntries(streams!.streams.map(({ stream, range }) => [stream.name, isoTime(range.toMs)]));
  const request = { symbols: ['BBBUSDT'], from: '2024-02-01' };
  const like = { symbol: 'BBBUSDT', like: 'ADAUSDT', listedMs: Date.parse('2021-01-01'), settledMs };

  test('has streams until then, and of funding what was due just then', async () => {
    const made = await planned(request, { candles: withInstruments(seededCandles(), [like]) });
    expect(rangesOf(made)).toMatchObject({
      open_interest: '2024-02-20T09:00:00Z',
      funding: '2024-02-20T10:00:00Z',
      mark_candles: '2024-02-20T09:00:00Z',
    });
  });

  test('and struck off: what exchangeInfo said before ends them there, and nothing is asked of nobody', async () => {
    exchange = await startExchange({ nowMs, candles: withInstruments(seededCandles(), [like]) });
    await plan({ runId: 'r0', request }, await world());
    await exchange.close();
    const made = await planned(request, { candles: withInstruments(seededCandles(), [{ ...like, gone: true }]) });
    expect(rangesOf(made)).toMatchObject({ open_interest: isoTime(settledMs), funding: isoTime(settledMs) });
    expect(made.notices).toEqual([]);
  });

  test('of which only the archive tells: until its last file', async () => {
    const made = await planned(request, { candles: withInstruments(seededCandles(), [{ ...like, gone: true }]) });
    const ends = rangesOf(made);
    expect([ends['open_interest'], ends['funding']]).toEqual([ends['mark_candles'], ends['mark_candles']]);
  });
});
