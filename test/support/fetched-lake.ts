import { createHttp } from '../../lib/adapters/http.ts';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import type { Chunk } from '../../lib/domain/chunk.ts';
import type { Series } from '../../lib/domain/series.ts';
import { DAY_MS } from '../../lib/domain/time-range.ts';
import { type Exchange, type ExchangeOptions, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import type { FetchContext, FetchResult } from '../../lib/lake/fetch/contract.ts';
import { fetchBatch } from '../../lib/lake/fetch/fetch-batch.ts';
import { landingKey, landingPrefix, parseReceiptKey } from '../../lib/lake/keys.ts';
import type { Receipt } from '../../lib/lake/landing/receipt.ts';
import type { Http, ObjectStore } from '../../lib/ports.ts';
import { testClock } from './clock.ts';
import { exchangeAccess } from './exchange-access.ts';
import { temporaryFolder } from './folder.ts';

export const NOW = Date.parse('2024-03-05T10:07:00Z');
export const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };

/** February in one file, and three days of March in one each. */
export const MONTH: Chunk = archiveChunk('archive_monthly', '2024-02-01', '2024-03-01');
export const DAYS = ['2024-03-01', '2024-03-02', '2024-03-03'].map((day) =>
  archiveChunk('archive_daily', day, new Date(Date.parse(day) + DAY_MS).toISOString()),
);

export function archiveChunk(source: Chunk['source'], from: string, to: string, series = SERIES): Chunk {
  return { series, source, range: { fromMs: Date.parse(from), toMs: Date.parse(to) }, asOfMs: NOW, sizeBytes: 1 };
}

export function restChunk(from: string, to: string, series = SERIES): Chunk {
  return archiveChunk('rest', from, to, series);
}

/** A lake that chunks are fetched into, again for each test of the file, and what has landed in it. */
export interface FetchedLake extends LakeBesideExchange {
  fetchAll(chunks: readonly Chunk[], changes?: Partial<FetchContext>): Promise<FetchResult>;
  receipts(series?: Series): Promise<Receipt[]>;
  /** Landed rows of REST answers, in time order. */
  landedRows(series?: Series): Promise<unknown[][]>;
}

export function fetchedLake(): FetchedLake {
  const lake = lakeBesideExchange(NOW);

  async function json<T>(key: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await lake.store.get(key))) as T;
  }

  async function receipts(series = SERIES): Promise<Receipt[]> {
    const keys = (await lake.store.list(landingPrefix(series))).map((o) => o.key);
    return await Promise.all(keys.filter((key) => parseReceiptKey(series, key)).map((key) => json<Receipt>(key)));
  }

  return Object.assign(lake, {
    receipts,
    fetchAll: (chunks: readonly Chunk[], changes: Partial<FetchContext> = {}) =>
      fetchBatch({ runId: 'r', batch: 'b', chunks }, { ...lake.world(), ...changes }),
    async landedRows(series = SERIES) {
      const pages = (await receipts(series)).filter((r) => r.source === 'rest');
      const rows = await Promise.all(pages.map((page) => json<unknown[][]>(landingKey(page))));
      return rows.flat().sort((a, b) => Number(a[0]) - Number(b[0]));
    },
  });
}

/** Returns the error of a rejected promise. */
export async function failure(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; retryAfterSec?: number }> {
  return await promise.then(
    () => ({ name: 'none', message: 'no error' }),
    (error: Error) => error,
  );
}

/** HTTP that answers the first so many matching paths with a proxy's page of status 200, and then asks the exchange. */
export function pagesInstead(times: number, match = ''): Http {
  const http = createHttp({ timeoutMs: 2_000 });
  let left = times;
  return {
    async get(url, options) {
      if (!url.includes(match) || left <= 0) return http.get(url, options);
      left -= 1;
      return { status: 200, headers: {}, body: Buffer.from('<html><body>Please wait</body></html>') };
    },
  };
}

/** A lake and an exchange; their fields are those of the test that is running. */
export interface LakeBesideExchange {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly exchange: Exchange;
  /** Replaces the exchange that the test began with. */
  restart(options: ExchangeOptions): Promise<void>;
  /** The context of a stage, with its own clock on which sleeping takes no time. */
  world(): FetchContext;
}

/** Gives each test of the file an empty lake in a folder and an exchange at this time. */
export function lakeBesideExchange(nowMs: number): LakeBesideExchange {
  let folder: string;
  let store: ObjectStore;
  let exchange: Exchange;
  beforeEach(async () => {
    folder = temporaryFolder();
    store = folderObjectStore(folder);
    exchange = await startExchange({ nowMs });
  });
  afterEach(() => exchange.close());
  return {
    get folder() {
      return folder;
    },
    get store() {
      return store;
    },
    get exchange() {
      return exchange;
    },
    async restart(options) {
      await exchange.close();
      exchange = await startExchange(options);
    },
    world: () => ({
      ...exchangeAccess(testClock(nowMs), exchange.url, createHttp({ timeoutMs: 2_000 })),
      store,
    }),
  };
}
