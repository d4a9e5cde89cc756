import type { Series } from '../../lib/domain/series.ts';
import { archiveCheckKey, receiptKey } from '../../lib/lake/keys.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { Plan } from '../../lib/lake/plan/contract.ts';
import { plan } from '../../lib/lake/plan/plan.ts';
import type { ObjectStore, StoredObject } from '../../lib/ports.ts';
import { exchangeAccess } from '../support/exchange-access.ts';
import { type PaperExchange, paperExchange } from './paper-exchange.ts';

const SYMBOLS = Array.from({ length: 600 }, (_, i) => `COIN${String(i).padStart(3, '0')}USDT`);
const MONTHS = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2025, 10 + i, 1)).toISOString().slice(0, 7));
/** The middle of a month of which no day is asked for: twelve monthly files a symbol, and nothing else. */
const NOW = Date.parse('2026-11-21T10:00Z');
const REQUEST = { symbols: ['all'], interval: '15m', from: '2025-11-01', to: '2026-10-31' };
const PUBLISHED = Date.parse('2026-11-01T12:00Z');

interface Counts {
  gets: number;
  puts: number;
  lists: number;
}

/** Keys of what has landed, by symbol: the store would look through all of its keys for each list. */
const landed = new Map<string, StoredObject[]>();

let store: MemoryStore;
let exchange: PaperExchange;
beforeAll(async () => {
  store = memoryStore();
  exchange = paperExchange({
    symbols: SYMBOLS,
    interval: '15m',
    nowMs: NOW,
    months: MONTHS,
    monthlyBytes: 100_000,
    lastModifiedMs: PUBLISHED,
  });
  const url = 'https://example.org/some.zip';
  const fetched = { url, fetchedAtMs: NOW, asOfMs: NOW, sizeBytes: 100_000 };
  const lastModified = new Date(PUBLISHED).toUTCString();
  for (const symbol of SYMBOLS) {
    const series: Series = { market: 'um', symbol, interval: '15m' };
    for (const month of MONTHS) {
      const [year, number] = month.split('-').map(Number) as [number, number];
      const range = { fromMs: Date.UTC(year, number - 1, 1), toMs: Date.UTC(year, number, 1) };
      const id = { series, source: 'archive_monthly', range, sha256: 'a'.repeat(64) } as const;
      const key = receiptKey(id);
      const receipt = JSON.stringify({ ...id, ...fetched, lastModified });
      await store.put(key, new TextEncoder().encode(receipt));
      landed.set(symbol, [...(landed.get(symbol) ?? []), { key, sizeBytes: receipt.length, tag: '' }]);
    }
  }
});

/** Plans the market once, and counts what it asks of the exchange and of the lake. */
async function planned(runId: string): Promise<{ plan: Plan; asked: number; lake: Counts; seconds: number }> {
  const lake: Counts = { gets: 0, puts: 0, lists: 0 };
  const counted: ObjectStore = {
    url: store.url,
    get: (key) => {
      lake.gets += 1;
      return store.get(key);
    },
    put: (key, bytes, condition) => {
      lake.puts += 1;
      return store.put(key, bytes, condition);
    },
    list: (prefix, after) => {
      lake.lists += 1;
      const symbol = /symbol=([^/]+)\//.exec(prefix)?.[1];
      return symbol === undefined
        ? store.list(prefix, after)
        : Promise.resolve(landed.get(symbol)!.filter(({ key }) => key.startsWith(prefix)));
    },
  };
  exchange.requests.count = 0;
  const startedMs = performance.now();
  const { planKey } = await plan(
    { runId, request: REQUEST },
    {
      store: counted,
      ...exchangeAccess({ nowMs: () => NOW, sleep: async () => {} }, 'http://paper', exchange.http),
      defaults: { market: 'um', symbols: ['BTCUSDT'], interval: '15m', period: '1y' },
    },
  );
  const made = JSON.parse(Buffer.from(store.objects.get(planKey)!).toString()) as Plan;
  return { plan: made, asked: exchange.requests.count, lake, seconds: (performance.now() - startedMs) / 1000 };
}

test('600 symbols, twelve months that have landed: what noticing a rewritten file costs', async () => {
  const first = await planned('r1');
  expect(first.plan.chunks).toEqual([]);
  // REST's time and symbols, a probe of the archive, and one listing a symbol: no request more than planning needs.
  expect(first.asked).toBe(3 + 600);
  // Each receipt once, and the checks kept; a fact of the listing of each symbol; the plan and the items of its maps.
  // Landed objects are listed twice per series: those of the open page, and the others.
  expect(first.lake).toEqual({ gets: 600 + 7_200, puts: 600 + 600 + 4, lists: 2 * 600 + 1 });

  const second = await planned('r2');
  expect(second.plan.chunks).toEqual([]);
  expect(second.asked).toBe(3 + 600);
  expect(second.lake).toEqual({ gets: 600, puts: 4, lists: 2 * 600 + 1 });

  const one: Series = { market: 'um', symbol: 'COIN007USDT', interval: '15m' };
  expect(store.objects.get(archiveCheckKey(one))!.length).toBeLessThan(1_500);
  exchange.rewrite('COIN007USDT-15m-2026-03.zip', Date.parse('2026-11-20T00:00Z'));
  const third = await planned('r3');
  expect(third.plan.chunks.map(({ series, range }) => [series.symbol, range.fromMs])).toEqual([
    ['COIN007USDT', Date.UTC(2026, 2, 1)],
  ]);
  expect(third.lake).toEqual({ gets: 600 + 1, puts: 4, lists: 2 * 600 + 1 });
});
