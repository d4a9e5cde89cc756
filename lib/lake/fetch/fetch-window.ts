import type { Chunk } from '../../domain/chunk.ts';
import { floorOpenTime, type Interval, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import { DAY_MS, subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import { openTimesOf } from '../../exchange/binance/kline-answer.ts';
import { askRest, type RestWorld } from '../../exchange/binance/rest-client.ts';
import type { ObjectStore } from '../../ports.ts';
import { REST_PAGE_CANDLES } from '../landing/open-page.ts';
import { land } from './land.ts';
import type { Spent } from './spent.ts';

const PAGE_WEIGHT = 2;
/** The longest window that COIN-M takes. */
const COIN_M_DAYS = 200;

/**
 * Fetches a REST window page by page, but for what has landed of it. Each page lands as one object that answers for the
 * open times it covers; an empty page lands too, for it is evidence that there is nothing.
 */
export async function fetchWindow(
  chunk: Chunk,
  landed: readonly TimeRange[],
  world: RestWorld & { readonly store: ObjectStore },
): Promise<Spent> {
  const { market, symbol, interval } = chunk.series;
  let requests = 0;
  let bytes = 0;
  for (const missing of subtractRanges(chunk.range, landed)) {
    for (let fromMs = missing.fromMs; fromMs < missing.toMs; ) {
      const asked = { fromMs, toMs: market === 'cm' ? narrow(interval, fromMs, missing.toMs) : missing.toMs };
      const params = { symbol, interval, startTime: asked.fromMs, endTime: asked.toMs - 1, limit: REST_PAGE_CANDLES };
      const answer = await askRest({ market, path: 'klines', params, weight: PAGE_WEIGHT }, world, (body, url) =>
        openTimesOf(body, interval, asked, url),
      );
      const openTimes = answer.value;
      const full = openTimes.length >= REST_PAGE_CANDLES;
      const range = {
        fromMs,
        toMs: full ? nextOpenTime(interval, floorOpenTime(interval, openTimes.at(-1)!)) : asked.toMs,
      };
      await land({ chunk, range, url: answer.url, answer }, world);
      requests += answer.requests;
      bytes += answer.body.byteLength;
      fromMs = range.toMs;
    }
  }
  return { requests, bytes, restWeight: requests * PAGE_WEIGHT };
}

/**
 * COIN-M answers with the newest candles of a window, where the others begin with the oldest, and wants at most 200 days:
 * ask it for no more than one page holds.
 */
function narrow(interval: Interval, fromMs: number, toMs: number): number {
  const stepMs = nominalMs(interval);
  const candles = Math.min(REST_PAGE_CANDLES, Math.floor((COIN_M_DAYS * DAY_MS) / stepMs));
  if (interval !== '1M') return Math.min(toMs, fromMs + candles * stepMs);
  let endMs = fromMs;
  for (let month = 0; month < candles; month += 1) endMs = nextOpenTime(interval, endMs);
  return Math.min(toMs, endMs);
}
