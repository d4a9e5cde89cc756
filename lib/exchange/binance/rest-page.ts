import { floorOpenTime, nextOpenTime, nominalMs, stepOpenTimes } from '../../domain/interval.ts';
import type { StreamName } from '../../domain/stream.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ExchangeAccess } from '../access.ts';
import type { RestCost, RestPage } from '../venue.ts';
import { openTimesOf } from './kline-answer.ts';
import { BINANCE_MARKETS } from './markets.ts';
import { askRest } from './rest.ts';
import { type PagedRoute, ROUTES } from './routes.ts';
import { assertFunding, assertOpenInterest } from './stream-answer.ts';

/** A kind of rows, and the question to REST for them. */
interface PageKind {
  readonly route: PagedRoute;
  /** The parameters that name the series or stream. */
  params(of: Subject): Readonly<Record<string, string>>;
  /** Checks that a body answers the question, because REST has no checksum. Returns the open times of candles. */
  check(body: Uint8Array, of: Subject, window: TimeRange, url: string): number[] | undefined;
}

const CANDLES: PageKind = {
  route: ROUTES.candles,
  params: ({ symbol, interval }) => ({ symbol: symbol!, interval: interval! }),
  check: (body, { interval }, window, url) => openTimesOf(body, interval!, window, url),
};

/** The kinds of rows that come in pages. */
const KINDS: Readonly<Record<'candles' | Exclude<StreamName, 'instruments'>, PageKind>> = {
  candles: CANDLES,
  mark_candles: { ...CANDLES, route: ROUTES.mark_candles },
  funding: {
    route: ROUTES.funding,
    params: ({ symbol }) => ({ symbol: symbol! }),
    check: (body, _, window, url) => assertFunding(body, window, url),
  },
  open_interest: {
    route: ROUTES.open_interest,
    params: ({ market, symbol }) => ({ ...BINANCE_MARKETS[market].openInterestOf(symbol!), period: '5m' }),
    check: (body, _, window, url) => assertOpenInterest(body, window, url),
  },
};

function kindOf(of: Subject): PageKind {
  const name = isStream(of) ? of.name : 'candles';
  if (name === 'instruments') throw new Error('instruments have no pages');
  return KINDS[name];
}

/** Requests the first page of a window. An empty page is an answer too: the exchange has nothing there. */
export async function getPage(of: Subject, window: TimeRange, access: ExchangeAccess): Promise<RestPage> {
  const { route, params, check } = kindOf(of);
  const { fromMs } = window;
  const asked = { fromMs, toMs: Math.min(window.toMs, endOfQuestion(of, route, fromMs)) };
  const time = { startTime: fromMs, endTime: asked.toMs - 1, limit: route.limit };
  const answer = await askRest(
    { market: of.market, route, params: { ...params(of), ...time } },
    access,
    (body, url) => check(body, of, asked, url) ?? [],
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
  const { answersNewest } = BINANCE_MARKETS[of.market];
  if (route === ROUTES.candles && !answersNewest) return Number.POSITIVE_INFINITY;
  return endOfPage(of, route, fromMs);
}

function endOfPage({ market, interval }: Subject, { limit, spanMs }: PagedRoute, fromMs: number): number {
  if (spanMs !== undefined) return fromMs + spanMs;
  const candles = Math.min(limit, Math.floor(BINANCE_MARKETS[market].longestWindowMs / nominalMs(interval!)));
  return stepOpenTimes(interval!, fromMs, candles);
}

/** Returns what fetching a window costs. */
export function pagesCost(of: Subject, { fromMs, toMs }: TimeRange): RestCost {
  const { route } = kindOf(of);
  let requests = 0;
  for (let atMs = fromMs; atMs < toMs; atMs = endOfPage(of, route, atMs)) requests += 1;
  const { weight, budget } = route;
  return { requests, weight: requests * weight, ...(budget && { budget }) };
}
