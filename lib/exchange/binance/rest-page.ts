import { floorOpenTime, nextOpenTime, nominalMs, stepOpenTimes } from '../../domain/interval.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ExchangeAccess } from '../access.ts';
import type { RestCost, RestPage } from '../venue.ts';
import { binanceMarket } from './markets.ts';
import { askRest } from './rest.ts';
import { type PagedRoute, SOURCES } from './sources.ts';

function routeOf(of: Subject): PagedRoute {
  const name = isStream(of) ? of.name : 'candles';
  const { rest } = SOURCES[name];
  if (!rest) throw new Error(`REST has no pages of ${name}`);
  return rest;
}

/** Requests the first page of a window. An empty page is an answer too: the exchange has nothing there. */
export async function getPage(of: Subject, window: TimeRange, access: ExchangeAccess): Promise<RestPage> {
  const route = routeOf(of);
  const { fromMs } = window;
  const asked = { fromMs, toMs: Math.min(window.toMs, endOfQuestion(of, route, fromMs)) };
  const time = { startTime: fromMs, endTime: asked.toMs - 1, limit: route.limit };
  const answer = await askRest(
    { market: of.market, route, params: { ...route.params(of), ...time } },
    access,
    (body, url) => route.check(body, of, asked, url) ?? [],
  );
  const last = answer.value.length >= route.limit ? answer.value.at(-1) : undefined;
  const toMs = last === undefined ? asked.toMs : nextOpenTime(of.interval!, floorOpenTime(of.interval!, last));
  return { ...answer, covered: { fromMs, toMs } };
}

/**
 * Returns the latest end of a question, so that no row of the answer is cut. Candles need none in most markets: an
 * answer begins with the oldest, and the next question continues after its last.
 */
function endOfQuestion(of: Subject, route: PagedRoute, fromMs: number): number {
  const { answersNewest } = binanceMarket(of.market);
  if (route.continues && !answersNewest) return Number.POSITIVE_INFINITY;
  return endOfPage(of, route, fromMs);
}

function endOfPage({ market, interval }: Subject, { limit, spanMs }: PagedRoute, fromMs: number): number {
  if (spanMs !== undefined) return fromMs + spanMs;
  const candles = Math.min(limit, Math.floor(binanceMarket(market).longestWindowMs / nominalMs(interval!)));
  return stepOpenTimes(interval!, fromMs, candles);
}

/** Returns what fetching a window costs. */
export function pagesCost(of: Subject, { fromMs, toMs }: TimeRange): RestCost {
  const route = routeOf(of);
  let requests = 0;
  for (let atMs = fromMs; atMs < toMs; atMs = endOfPage(of, route, atMs)) requests += 1;
  const { weight, budget } = route;
  return { requests, weight: requests * weight, ...(budget && { budget }) };
}

/** Returns the time for which REST keeps rows: 0 if it has none of them. */
export function restKeptMs(of: Subject): number {
  const { rest } = SOURCES[isStream(of) ? of.name : 'candles'];
  return rest ? (rest.keptMs ?? Number.POSITIVE_INFINITY) : 0;
}
