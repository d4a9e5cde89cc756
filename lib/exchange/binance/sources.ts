import type { StreamName } from '../../domain/stream-table.ts';
import type { Subject } from '../../domain/subject.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveSource } from '../archive-file.ts';
import { openTimesOf } from './kline-answer.ts';
import { type BinanceMarket, binanceMarket } from './markets.ts';
import type { Route } from './routes.ts';
import { rowsOf } from './stream-answer.ts';
import { FUNDING_ROW, OPEN_INTEREST_ROW } from './stream-answers.ts';

/** The places where Binance has one kind of rows. */
interface Source {
  /** Returns true if a symbol of the market has such rows. */
  has(market: BinanceMarket, symbol: string): boolean;
  /** The folder of the archive, and how often it gets a file. Absent if the archive has none. */
  readonly archive?: { readonly folder: string; readonly sources: readonly ArchiveSource[] };
  /** Absent if REST has no pages of such rows. */
  readonly rest?: PagedRoute;
}

/** A route whose rows are requested in pages. A page spans no more time than its rows can fill, so no answer is cut. */
export interface PagedRoute extends Route {
  /** The most rows of one answer. */
  readonly limit: number;
  /** The time that one page spans. Candles have none: their page is `limit` intervals. */
  readonly spanMs?: number;
  /** True if an answer may be cut, because the next question continues behind its last row. */
  readonly continues?: boolean;
  /** Rows older than this are gone. Absent if REST keeps all. */
  readonly keptMs?: number;
  /** Returns the parameters that name the series or stream. */
  params(of: Subject): Readonly<Record<string, string>>;
  /** Checks that a body answers the question, because REST has no checksum. Returns the open times of candles. */
  check(body: Uint8Array, of: Subject, window: TimeRange, url: string): number[] | undefined;
}

const MONTHLY_AND_DAILY = ['archive_monthly', 'archive_daily'] as const;

/** 499 candles are the most of weight 2. 1,500 would cost 10. `REST_PAGE_CANDLES` has the same number. */
const CANDLES: PagedRoute = {
  path: 'klines',
  weight: 2,
  limit: 499,
  continues: true,
  params: ({ symbol, interval }) => ({ symbol: symbol!, interval: interval! }),
  check: (body, { interval }, window, url) => openTimesOf(body, interval!, window, url),
};

/** The table of what Binance has: candles and each stream. Snapshots come in no pages: see snapshot.ts. */
export const SOURCES: Readonly<Record<'candles' | StreamName, Source>> = {
  candles: {
    has: () => true,
    archive: { folder: 'klines', sources: MONTHLY_AND_DAILY },
    rest: CANDLES,
  },
  instruments: { has: () => true },
  open_interest: {
    has: ({ openInterestOf }, symbol) => openInterestOf(symbol) !== undefined,
    archive: { folder: 'metrics', sources: ['archive_daily'] },
    rest: {
      root: '/futures/data',
      path: 'openInterestHist',
      weight: 0,
      budget: 'futures_data',
      // 500 rows, five minutes each.
      limit: 500,
      spanMs: 150_000_000,
      // REST keeps 30 days. An hour of them may be gone when the request arrives.
      keptMs: 30 * DAY_MS - 3_600_000,
      params: ({ market, symbol }) => ({ ...binanceMarket(market).openInterestOf(symbol!), period: '5m' }),
      check: rowsOf(OPEN_INTEREST_ROW, ({ timestamp }) => timestamp),
    },
  },
  funding: {
    has: ({ isFunded }, symbol) => isFunded(symbol),
    archive: { folder: 'fundingRate', sources: ['archive_monthly'] },
    rest: {
      path: 'fundingRate',
      weight: 0,
      budget: 'funding',
      // The shortest funding interval is an hour, so 30 days have at most 720 rows.
      limit: 1_000,
      spanMs: 30 * DAY_MS,
      params: ({ symbol }) => ({ symbol: symbol! }),
      check: rowsOf(FUNDING_ROW, ({ fundingTime }) => fundingTime),
    },
  },
  mark_candles: {
    has: ({ hasFunding }) => hasFunding,
    archive: { folder: 'markPriceKlines', sources: MONTHLY_AND_DAILY },
    rest: { ...CANDLES, path: 'markPriceKlines', continues: false },
  },
};
