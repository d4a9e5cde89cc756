import { DAY_MS } from '../../domain/time-range.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { CandleSource, Listing, WireMarket } from './candle-source.ts';
import { errorBody, mandatoryBody, notValidBody } from './observed-bodies.ts';
import { fundingEvents, fundingIntervalHours, openInterest, sampledAtMs } from './stream-rows.ts';

const KEPT_MS = 30 * DAY_MS;

/** `fundingRate`: from `startTime` on, oldest first; without it the newest. */
export function fundingRate(
  source: CandleSource,
  market: WireMarket,
  parameters: URLSearchParams,
  nowMs: number,
): Answer {
  const query = readWindow(parameters, 100, 1000);
  if (typeof query === 'string') return jsonAnswer(400, query);
  const listing = listed(source, market, parameters.get('symbol'), nowMs);
  if (!listing) return jsonAnswer(400, errorBody('invalidSymbol'));
  const { startMs, endMs = nowMs, limit } = query;
  const toMs = Math.min(endMs, nowMs) + 1;
  const events = fundingEvents(source, market, listing, { fromMs: startMs ?? toMs - 200 * DAY_MS, toMs });
  const taken = startMs === undefined ? events.slice(-limit) : events.slice(0, limit);
  const rows = taken.map(({ timeMs, rate, markPrice }) => ({
    symbol: listing.symbol,
    fundingTime: timeMs,
    fundingRate: rate,
    markPrice,
    rateType: 'Regular',
  }));
  return jsonAnswer(200, JSON.stringify(rows));
}

/** `fundingInfo`: every perpetual, with the interval and the bounds of its rate. */
export function fundingInfo(source: CandleSource, market: WireMarket, nowMs: number): Answer {
  const perpetuals = source
    .listings(market)
    .filter((l) => l.contractType === 'PERPETUAL' && !l.delisted && l.onboardMs <= nowMs);
  const rows = perpetuals.map((listing, index) => ({
    symbol: listing.symbol,
    adjustedFundingRateCap: '0.02000000',
    adjustedFundingRateFloor: '-0.02000000',
    fundingIntervalHours: fundingIntervalHours(listing),
    disclaimer: false,
    updateTime: index % 5 === 0 ? null : listing.onboardMs,
  }));
  return jsonAnswer(200, JSON.stringify(rows));
}

/** `/futures/data/openInterestHist`, of the last 30 days. COIN-M is asked by pair and kind of contract. */
export function openInterestHist(source: CandleSource, parameters: URLSearchParams, nowMs: number): Answer {
  const pair = parameters.get('pair');
  const market: WireMarket = pair === null ? 'um' : 'cm';
  const name = pair === null ? parameters.get('symbol') : `${pair}_PERP`;
  if (!name) return jsonAnswer(400, mandatoryBody('symbol'));
  if (parameters.get('period') !== '5m') return jsonAnswer(400, notValidBody('period'));
  const query = readWindow(parameters, 30, 500);
  if (typeof query === 'string') return jsonAnswer(400, query);
  const { startMs, endMs = nowMs, limit } = query;
  if (startMs !== undefined && startMs < nowMs - KEPT_MS) {
    return jsonAnswer(400, JSON.stringify({ code: -1130, msg: "parameter 'startTime' is invalid." }));
  }
  const listing = listed(source, market, name, nowMs);
  if (!listing) return jsonAnswer(200, '[]');
  const toMs = Math.min(endMs, nowMs) + 1;
  const fromMs = Math.max(startMs ?? toMs - limit * 300_000, nowMs - KEPT_MS);
  // The end of a window that holds too much is what is answered, not its beginning.
  const samples = openInterest(source, market, listing, { fromMs, toMs })
    .filter(({ labelMs }) => sampledAtMs(labelMs) <= nowMs)
    .slice(-limit);
  const rows = samples.map(({ labelMs, amount, value }) => ({
    ...(pair === null ? { symbol: name } : { pair, contractType: 'PERPETUAL' }),
    sumOpenInterest: amount,
    sumOpenInterestValue: value,
    ...(pair === null ? { CMCCirculatingSupply: '0.00000000' } : {}),
    timestamp: labelMs,
  }));
  return jsonAnswer(200, JSON.stringify(rows));
}

function listed(source: CandleSource, market: WireMarket, symbol: string | null, nowMs: number): Listing | undefined {
  return source.listings(market).find((l) => l.symbol === symbol && !l.delisted && l.onboardMs <= nowMs);
}

interface Window {
  readonly startMs?: number;
  readonly endMs?: number;
  readonly limit: number;
}

/** Reads startTime, endTime and limit, or gives the body of the refusal. */
function readWindow(parameters: URLSearchParams, defaultLimit: number, maxLimit: number): Window | string {
  const numbers: { limit?: number; startTime?: number; endTime?: number } = {};
  for (const name of ['limit', 'startTime', 'endTime'] as const) {
    const text = parameters.get(name);
    if (text === null) continue;
    if (!/^\d{1,16}$/.test(text)) return mandatoryBody(name);
    numbers[name] = Number(text);
  }
  const { limit = defaultLimit, startTime, endTime } = numbers;
  if (limit < 1 || limit > maxLimit) return notValidBody('limit');
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) return errorBody('startAfterEnd');
  return {
    limit,
    ...(startTime === undefined ? {} : { startMs: startTime }),
    ...(endTime === undefined ? {} : { endMs: endTime }),
  };
}
