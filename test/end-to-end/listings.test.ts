import { readdirSync } from 'node:fs';
import { type ListingFact, listingOf } from '../../lib/domain/listing.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { type Instrument, withInstruments } from '../../lib/exchange/simulated/instruments.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { sha256Of } from '../support/bytes.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';
import { at } from '../support/time.ts';
import { type WorkflowLake, workflowLake } from '../support/workflow-lake.ts';

const NOW_MS = Date.parse('2024-04-03T10:00:05Z');
const REQUEST = { interval: '1h', from: '2024-01-01', to: '2024-04-01' };

let exchange: Exchange | undefined;
let lake: WorkflowLake;
beforeEach(() => {
  lake = workflowLake(() => exchange!);
});
afterEach(async () => {
  await exchange?.close();
  exchange = undefined;
});

async function start(instruments: readonly Instrument[], options: ExchangeOptions = {}): Promise<void> {
  await exchange?.close();
  exchange = await startExchange({ nowMs: NOW_MS, candles: withInstruments(seededCandles(), instruments), ...options });
}

function factsOf(symbol: string): ListingFact[] {
  return lake.json<ListingFact>(`landing/listings/market=um/symbol=${symbol}/`);
}

/** Open times of the lake's candles of a symbol, first and last. */
async function span(symbol: string): Promise<[first: string, last: string, count: number]> {
  const own = [...(await lake.candles()).keys()].filter((key) => key.includes(`symbol=${symbol}/`));
  const times = own.map((key) => key.slice(key.indexOf(' ') + 1)).sort();
  return [times[0]!, times.at(-1)!, times.length];
}

test('exchangeInfo of a symbol lands once, under the hash of its bytes, and again if it changes', async () => {
  await start([{ symbol: 'AAAUSDT', like: 'ADAUSDT', listedMs: at('2024-01-10T09:30Z') }]);
  const report = await lake.run({ ...REQUEST, symbols: ['AAAUSDT'] });
  expect(report.complete).toBe(true);
  expect(report.series[0]!.wantedCandles).toBe((at('2024-04-01') - at('2024-01-10T09:00Z')) / 3_600_000);
  const fact = {
    market: 'um',
    symbol: 'AAAUSDT',
    evidence: 'exchange_info',
    status: 'TRADING',
    listedMs: at('2024-01-10T09:30Z'),
  };
  expect(factsOf('AAAUSDT')).toEqual([fact]);
  const [[key, bytes]] = [...lake.store.objects].filter(([name]) => name.includes('listings/')) as [
    [string, Uint8Array],
  ];
  expect(key).toBe(`landing/listings/market=um/symbol=AAAUSDT/${sha256Of(bytes)}.json`);
  await lake.run({ ...REQUEST, symbols: ['AAAUSDT'] });
  await lake.run({ ...REQUEST, symbols: ['AAAUSDT'], interval: '4h' });
  expect(factsOf('AAAUSDT')).toHaveLength(1);

  const settledMs = at('2024-04-02T09:00Z');
  await start([{ symbol: 'AAAUSDT', like: 'ADAUSDT', listedMs: fact.listedMs, settledMs }]);
  await lake.run({ ...REQUEST, symbols: ['AAAUSDT'] });
  expect(factsOf('AAAUSDT')).toHaveLength(2);
  expect(factsOf('AAAUSDT')).toContainEqual({ ...fact, status: 'SETTLING', settledMs });
  expect(listingOf(factsOf('AAAUSDT'))).toEqual({ listedMs: fact.listedMs, settledMs });
});

test('the archive prints the last price after a settlement: nothing is wanted from the settlement on', async () => {
  const settledMs = at('2024-02-20T09:00Z');
  const listedMs = at('2021-01-01');
  await start([{ symbol: 'BBBUSDT', like: 'ADAUSDT', listedMs, settledMs, frozenUntilMs: at('2030-01-01') }]);
  const report = await lake.run({ ...REQUEST, symbols: ['BBBUSDT'] });
  expect(report.complete).toBe(true);
  expect(report.series[0]!.wantedCandles).toBe((settledMs - at('2024-01-01')) / 3_600_000);
  // The month of the settlement is whole in the archive, frozen rows and all; the month after it is not asked for.
  const files = [...lake.store.objects.keys()].filter((key) => key.endsWith('.zip'));
  expect(files.map((key) => key.split('/').at(-2)).sort()).toEqual(['2024-01', '2024-02']);
  expect(lake.asked('/klines?')).toEqual([]);
  expect(factsOf('BBBUSDT')).toMatchObject([{ status: 'SETTLING', settledMs }]);
  await expect(lake.run({ ...REQUEST, symbols: ['BBBUSDT'], from: '2024-03-01' })).rejects.toThrow(
    /range must touch the listing of um\/BBBUSDT\/1h, from 2021-01-01T00:00:00Z until 2024-02-20T09:00:00Z/,
  );
});

test('settled and then struck off: what exchangeInfo said before still ends it there', async () => {
  const settledMs = at('2024-02-20T09:00Z');
  const life = { symbol: 'BBBUSDT', like: 'ADAUSDT', listedMs: at('2021-01-01'), settledMs };
  await start([{ ...life, frozenUntilMs: at('2030-01-01') }]);
  await lake.run({ ...REQUEST, symbols: ['BBBUSDT'] });
  await start([{ ...life, frozenUntilMs: at('2030-01-01'), gone: true }]);
  const report = await lake.run({ ...REQUEST, symbols: ['BBBUSDT'], to: '2024-04-03' });
  expect(report).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0 });
  expect(report.series[0]!.wantedCandles).toBe((settledMs - at('2024-01-01')) / 3_600_000);
  expect(listingOf(factsOf('BBBUSDT'))).toEqual({ listedMs: life.listedMs, settledMs });
});

test('a ticker used again: wanted is the younger instrument alone', async () => {
  const relistedMs = at('2024-03-04T14:00Z');
  await start([
    {
      symbol: 'LITUSDT',
      like: 'ADAUSDT',
      listedMs: at('2021-02-05'),
      settledMs: at('2024-02-20T09:00Z'),
      frozenUntilMs: relistedMs,
    },
    { symbol: 'LITUSDT', like: 'SOLUSDT', listedMs: relistedMs },
  ]);
  const report = await lake.run({ ...REQUEST, symbols: ['LITUSDT'] });
  expect(report.complete).toBe(true);
  expect(report.series[0]).toMatchObject({ wantedCandles: (at('2024-04-01') - relistedMs) / 3_600_000 });
  expect(factsOf('LITUSDT')).toMatchObject([{ evidence: 'exchange_info', status: 'TRADING', listedMs: relistedMs }]);
  expect(lake.asked('LITUSDT-1h-2024-02')).toEqual([]);
  expect((await span('LITUSDT'))[1]).toBe('2024-03-31T23:00:00.000Z');
});

test('a renamed coin is two symbols: the old one ends with its files, the new begins with its listing', async () => {
  const renamedMs = at('2024-02-12T08:00Z');
  await start([
    { symbol: 'MATICUSDT', like: 'ADAUSDT', listedMs: at('2023-11-02'), settledMs: renamedMs, gone: true },
    { symbol: 'POLUSDT', like: 'ADAUSDT', listedMs: at('2024-02-14T10:00Z') },
  ]);
  const report = await lake.run({ ...REQUEST, symbols: ['MATICUSDT', 'POLUSDT'] });
  expect(report).toMatchObject({ complete: true });
  expect(await span('MATICUSDT')).toEqual(['2024-01-01T00:00:00.000Z', '2024-02-12T07:00:00.000Z', 42 * 24 + 8]);
  expect((await span('POLUSDT'))[0]).toBe('2024-02-14T10:00:00.000Z');
  // The archive's last file is a month's, and no evidence of an earlier end.
  expect(factsOf('MATICUSDT')).toEqual([
    {
      market: 'um',
      symbol: 'MATICUSDT',
      evidence: 'archive',
      listedMs: at('2023-11-01'),
      settledMs: at('2024-03-01'),
    },
  ]);
  expect(factsOf('POLUSDT')).toMatchObject([{ evidence: 'exchange_info', listedMs: at('2024-02-14T10:00Z') }]);
});

test('a month that the archive never had comes from its days, and where it has none of those, from REST', async () => {
  await start([{ symbol: 'AAAUSDT', like: 'ADAUSDT', listedMs: at('2023-12-01') }]);
  exchange!.history.withdraw('AAAUSDT-1h-2024-02.zip');
  exchange!.history.withdraw('AAAUSDT-1h-2024-02-11.zip');
  const report = await lake.run({ ...REQUEST, symbols: ['AAAUSDT'] });
  expect(report).toMatchObject({ complete: true, fetchedChunks: 2 + 28 + 1 });
  expect(report.series[0]!.shards).toMatchObject([
    // December, which was not wanted, and what has closed since the month that was.
    { missing: 0, unasked: 31 * 24 + 58, accounted: { unknown: { intervals: 31 * 24 + 58, candles: 0 } } },
  ]);
  expect(lake.asked('/klines?')).toHaveLength(1);
});

test('of spot, which names no dates, the first file is the evidence', async () => {
  await start([]);
  await lake.run({ ...REQUEST, market: 'spot', symbols: ['SOLUSDT'] });
  expect(lake.json('landing/listings/market=spot/symbol=SOLUSDT/')).toEqual([
    { market: 'spot', symbol: 'SOLUSDT', evidence: 'archive', listedMs: at('2020-08-01') },
  ]);
});

test('a dry plan writes nothing, on the command line as well', async () => {
  await start([]);
  const folder = temporaryFolder();
  const args = ['plan', '--symbols', 'BTCUSDT', '--interval', '1h', '--period', '3m', '--lake', folder];
  expect(await runLake(args, { exchangeUrl: exchange!.url })).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual([]);
});
