import { nominalMs } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Stream, StreamName } from '../../domain/stream.ts';
import { DAY_MS } from '../../domain/time-range.ts';

/**
 * How REST is asked for a stream: so many rows at most, over a span that can hold no more, so that no answer is ever cut.
 * Which end an answer begins at then does not matter, and it differs between markets.
 */
export interface StreamPage {
  readonly limit: number;
  readonly spanMs: number;
  /** Of the budget of weight a minute. */
  readonly weight: number;
}

const HOUR_MS = 3_600_000;

/** Budgets that the exchange counts apart from the weight, requests in five minutes and address; we stay under half. */
export const STREAM_REQUESTS_PER_5_MIN = {
  /** fundingRate and fundingInfo share 500. */
  funding: 250,
  /** openInterestHist and its neighbours below /futures/data share 1,000. */
  open_interest: 500,
} as const satisfies Partial<Record<StreamName, number>>;

/** The page of a stream whose REST answers come in pages. */
export function pageOf({ name, market, interval }: Stream): StreamPage {
  if (name === 'open_interest') return { limit: 500, spanMs: 500 * 5 * 60_000, weight: 0 };
  // The shortest funding interval is an hour.
  if (name === 'funding') return { limit: 1000, spanMs: 720 * HOUR_MS, weight: 0 };
  // 499 candles cost weight 2, like klines; COIN-M takes no window longer than 200 days.
  const spanMs = 499 * nominalMs(interval!);
  return { limit: 499, spanMs: market === 'cm' ? Math.min(spanMs, 200 * DAY_MS) : spanMs, weight: 2 };
}

/** Weight of exchangeInfo; fundingInfo has none. */
export const EXCHANGE_INFO_WEIGHT: Readonly<Record<Market, number>> = { um: 1, cm: 1, spot: 20, sim: 1 };
