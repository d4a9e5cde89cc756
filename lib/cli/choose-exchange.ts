import { systemClock } from '../adapters/clock.ts';
import type { Environment } from '../adapters/environment.ts';
import { createHttp } from '../adapters/http.ts';
import { BadInput, ExchangeBusy } from '../domain/errors.ts';
import { type ExchangeUrls, REST_PATHS } from '../domain/exchange.ts';
import { type Market, parseMarket } from '../domain/market.ts';
import { DAY_MS } from '../domain/time-range.ts';
import type { Clock, Http } from '../ports.ts';

export const SOURCE_CHOICES = ['auto', 'binance', 'simulated'] as const;
export type SourceChoice = (typeof SOURCE_CHOICES)[number];

/** The exchange a command talks to. */
export interface ChosenExchange {
  readonly market: Market;
  readonly urls: ExchangeUrls;
  readonly http: Http;
  readonly clock: Clock;
  /** True where the clock stands still. */
  readonly clockFixed: boolean;
  /** What a person should know of the choice, or undefined. */
  readonly notice: string | undefined;
  close(): Promise<void>;
}

/** Long enough for a slow link, short enough not to be felt offline. */
const PROBE_TIMEOUT_MS = 2_500;

/**
 * Binance (or what stands in for it at the base URLs of the environment) where it is in reach, otherwise, with `auto`
 * and no market asked for, the built-in simulated exchange.
 * @throws BadInput, ExchangeBusy
 */
export async function chooseExchange(
  environment: Environment,
  source: string,
  marketText: string | undefined,
): Promise<ChosenExchange> {
  const choice = SOURCE_CHOICES.find((c) => c === source);
  if (!choice) throw new BadInput(`source must be one of ${SOURCE_CHOICES.join(', ')}, got '${source}'`);
  const market = marketText === undefined ? undefined : parseMarket(marketText);
  if (choice === 'simulated' || market === 'sim') {
    if (market !== undefined && market !== 'sim') {
      throw new BadInput(`market of simulated candles is sim, got '${market}' with --source simulated`);
    }
    if (choice === 'binance') throw new BadInput(`market sim is served by --source simulated, got --source binance`);
    return simulatedExchange(environment, undefined);
  }
  const chosen = { ...binance(environment), market: market ?? 'um' };
  const reasons = await whyOutOfReach(chosen);
  if (reasons === undefined) return chosen;
  if (choice === 'binance' || market !== undefined) throw new ExchangeBusy(`exchange is not in reach: ${reasons}`);
  return simulatedExchange(environment, 'Binance is out of reach: using the built-in simulated exchange, market=sim.');
}

function binance(environment: Environment): Omit<ChosenExchange, 'market'> {
  return {
    urls: environment.urls,
    http: createHttp(),
    clock: systemClock(environment.nowMs),
    clockFixed: environment.nowMs !== undefined,
    notice: undefined,
    close: async () => {},
  };
}

/** Undefined where REST or the archive answers anything at all, a refusal too; otherwise why neither does. */
async function whyOutOfReach({ http, urls, market }: ChosenExchange): Promise<string | undefined> {
  const probes = [`${urls.rest[market]}${REST_PATHS[market]}/time`, `${urls.archiveListing}/?prefix=data/&max-keys=1`];
  const options = { timeoutMs: PROBE_TIMEOUT_MS };
  const answers = await Promise.allSettled(probes.map((url) => http.get(url, options)));
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason.message)] : []));
  return reasons.length === answers.length ? reasons.join('; ') : undefined;
}

/** The simulated exchange's clock stands just after the beginning of today, so that a second run on the same day finds nothing new. */
export function simulatedNowMs(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS + 60_000;
}

async function simulatedExchange(environment: Environment, notice: string | undefined): Promise<ChosenExchange> {
  // Only this one place knows that the simulated exchange of the tests also serves people without a connection.
  const { startExchange } = await import('../../test/exchange/exchange.ts');
  const nowMs = environment.nowMs ?? simulatedNowMs(Date.now());
  const exchange = await startExchange({ nowMs });
  const rest = { um: exchange.url, cm: exchange.url, spot: exchange.url, sim: exchange.url };
  return {
    market: 'sim',
    urls: { rest, archive: exchange.url, archiveListing: exchange.url },
    http: createHttp(),
    clock: systemClock(nowMs),
    clockFixed: true,
    notice,
    close: () => exchange.close(),
  };
}
