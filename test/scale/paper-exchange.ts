import { DAY_MS } from '../../lib/domain/time-range.ts';
import { archiveFilePrefix, archiveRoot } from '../../lib/exchange/binance/archive-path.ts';
import type { Http, ObjectStore } from '../../lib/ports.ts';

/** An exchange that only says what it has: enough to plan a market of any size in memory. */
export interface PaperExchange {
  readonly http: Http;
  readonly requests: { count: number };
  /** From now on a file, by its name, has another time stamp. */
  rewrite(fileName: string, lastModifiedMs: number): void;
}

export interface PaperOffer {
  readonly symbols: readonly string[];
  readonly interval: string;
  readonly nowMs: number;
  /** Months with a monthly file, `2024-02`; the days after the last of them have daily files, until yesterday. */
  readonly months: readonly string[];
  readonly monthlyBytes: number;
  /** Of every file; if left out, the listing has no sizes. */
  readonly lastModifiedMs?: number;
}

export function paperExchange(offer: PaperOffer): PaperExchange {
  const requests = { count: 0 };
  const last = offer.months.at(-1)!;
  const days: string[] = [];
  for (let ms = Date.parse(`${last}-01T00:00Z`); ms + DAY_MS <= offer.nowMs; ms += DAY_MS) {
    const day = new Date(ms).toISOString().slice(0, 10);
    if (!day.startsWith(last)) days.push(day);
  }
  const rewritten = new Map<string, number>();

  function entry(key: string, bytes: number): string {
    const modifiedMs = rewritten.get(key.slice(key.lastIndexOf('/') + 1)) ?? offer.lastModifiedMs;
    const modified = modifiedMs ? `<LastModified>${new Date(modifiedMs).toISOString()}</LastModified>` : '';
    return `<Contents><Key>${key}</Key>${modified}<Size>${bytes}</Size></Contents>`;
  }

  /** Files that are not candles: their names are the prefix and a month, or any day of the months offered. */
  function streamListing(prefix: string, marker: string): string {
    const everyDay: string[] = [];
    for (let ms = Date.parse(`${offer.months[0]}-01T00:00Z`); ms + DAY_MS <= offer.nowMs; ms += DAY_MS) {
      everyDay.push(new Date(ms).toISOString().slice(0, 10));
    }
    const daily = prefix.includes('/metrics/') ? everyDay : days;
    const labels = prefix.includes('/monthly/') ? offer.months : daily;
    const entries = labels
      .map((label) => `${prefix}${label}.zip`)
      .filter((key) => key > marker)
      .flatMap((key) => [entry(key, 12_000), entry(`${key}.CHECKSUM`, 91)]);
    // A thousand keys a page; here they all come on one, and are counted as they would come.
    requests.count += Math.max(0, Math.ceil(entries.length / 1000) - 1);
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`;
  }

  function listing(prefix: string, marker: string): string {
    if (prefix === archiveRoot('um', 'archive_monthly')) return '<ListBucketResult/>';
    if (!prefix.includes('/klines/')) return streamListing(prefix, marker);
    const symbol = prefix.split('/')[5]!;
    const monthly = prefix.includes('/monthly/');
    const whole = archiveFilePrefix(
      { market: 'um', symbol, interval: offer.interval as never },
      monthly ? 'archive_monthly' : 'archive_daily',
    );
    const entries = (monthly ? offer.months : days).flatMap((label) => {
      const key = `${whole}${label}.zip`;
      if (!key.startsWith(prefix)) return [];
      return [
        entry(key, monthly ? offer.monthlyBytes : Math.round(offer.monthlyBytes / 30)),
        entry(`${key}.CHECKSUM`, 91),
      ];
    });
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`;
  }

  function answer(url: URL): string {
    if (url.pathname.endsWith('/time')) return JSON.stringify({ serverTime: offer.nowMs });
    if (!url.pathname.endsWith('/exchangeInfo')) {
      return listing(url.searchParams.get('prefix')!, url.searchParams.get('marker') ?? '');
    }
    const symbols = offer.symbols.map((symbol) => ({ symbol, status: 'TRADING', contractType: 'PERPETUAL' }));
    return JSON.stringify({ symbols });
  }

  const http: Http = {
    async get(url) {
      requests.count += 1;
      return { status: 200, headers: {}, body: new TextEncoder().encode(answer(new URL(url))) };
    },
  };
  return { http, requests, rewrite: (fileName, lastModifiedMs) => void rewritten.set(fileName, lastModifiedMs) };
}

/** An empty lake that keeps what is put, in memory. */
export function memoryStore(): ObjectStore & { readonly objects: ReadonlyMap<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    url: 'paper',
    objects,
    get: async (key) => objects.get(key),
    put: async (key, bytes) => {
      objects.set(key, bytes);
      return '';
    },
    list: async () => [],
  };
}
