import type { StreamChunk } from '../../domain/chunk.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { openTimesOf } from '../../exchange/binance/kline-answer.ts';
import { askRest, type RestRequest, type RestWorld } from '../../exchange/binance/rest-client.ts';
import { assertFunding, assertOpenInterest } from '../../exchange/binance/stream-answer.ts';
import type { StreamGovernors } from '../../exchange/binance/stream-governors.ts';
import { pageOf } from '../../exchange/binance/stream-pages.ts';
import type { ObjectStore } from '../../ports.ts';
import { landStream } from './land-stream.ts';
import type { Spent } from './spent.ts';

export type StreamRestWorld = Omit<RestWorld, 'governor'> & {
  readonly store: ObjectStore;
  readonly governors: StreamGovernors;
};

/**
 * Fetches a window of a stream page by page, but for what has landed of it. A page is no longer than what its rows can
 * fill. An empty page lands too: it is evidence that there is nothing.
 */
export async function fetchStreamWindow(
  chunk: StreamChunk,
  missing: readonly TimeRange[],
  world: StreamRestWorld,
): Promise<Spent> {
  const { stream } = chunk;
  const { spanMs, weight } = pageOf(stream);
  const restWorld = { ...world, governor: world.governors[stream.name] };
  let requests = 0;
  let bytes = 0;
  for (const part of missing) {
    for (let { fromMs } = part; fromMs < part.toMs; fromMs += spanMs) {
      const range = { fromMs, toMs: Math.min(part.toMs, fromMs + spanMs) };
      const answer = await askRest(
        { market: stream.market, weight, ...question(stream, range) },
        restWorld,
        (body, url) => assertAnswer(stream, body, range, url),
      );
      await landStream({ chunk, range, url: answer.url, answer }, world);
      requests += answer.requests;
      bytes += answer.body.byteLength;
    }
  }
  return { requests, bytes, restWeight: requests * weight };
}

/** The route and its parameters. COIN-M names a perpetual by its pair where it tells the open interest. */
function question(stream: Stream, { fromMs, toMs }: TimeRange): Pick<RestRequest, 'root' | 'path' | 'params'> {
  const symbol = stream.symbol!;
  const window = { startTime: fromMs, endTime: toMs - 1, limit: pageOf(stream).limit };
  if (stream.name === 'funding') return { path: 'fundingRate', params: { symbol, ...window } };
  if (stream.name === 'mark_candles') {
    return { path: 'markPriceKlines', params: { symbol, interval: stream.interval!, ...window } };
  }
  const who = stream.market === 'cm' ? { pair: symbol.replace(/_PERP$/, ''), contractType: 'PERPETUAL' } : { symbol };
  return { root: '/futures/data', path: 'openInterestHist', params: { ...who, period: '5m', ...window } };
}

/** REST has no checksum: what is no answer to the question is refused before it lands. */
function assertAnswer(stream: Stream, body: Uint8Array, range: TimeRange, url: string): void {
  if (stream.name === 'funding') assertFunding(body, range, url);
  else if (stream.name === 'open_interest') assertOpenInterest(body, range, url);
  else openTimesOf(body, stream.interval!, range, url);
}
