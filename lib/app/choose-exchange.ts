import { systemClock } from '../adapters/clock.ts';
import type { Environment } from '../adapters/environment.ts';
import { createHttp } from '../adapters/http.ts';
import { BadInput, ExchangeBusy } from '../domain/errors.ts';
import { EXCHANGE_CHOICES, type Market, parseMarket } from '../domain/market.ts';
import type { RequestGovernor } from '../exchange/access.ts';
import { type ExchangeUrls, urlsWith } from '../exchange/markets.ts';
import { requestGovernor } from '../exchange/request-governor.ts';
import { venueOf } from '../exchange/venues.ts';
import type { Clock, Http } from '../ports.ts';
import { simulatedNowMs } from './simulated-now.ts';

/** The exchange a command talks to. */
export interface ChosenExchange {
  readonly market: Market;
  readonly urls: ExchangeUrls;
  readonly http: Http;
  readonly clock: Clock;
  /** Counts all requests of this process. */
  readonly governor: RequestGovernor;
  /** True if the clock is fixed. */
  readonly clockFixed: boolean;
  /** A line about the choice for people, or undefined. */
  readonly notice: string | undefined;
  close(): Promise<void>;
}

/** Long enough for a slow link, and short for a user without a network. */
const PROBE_TIMEOUT_MS = 2_500;

/** The exchange that a caller wants. */
export interface WantedExchange {
  readonly source: string;
  readonly market?: string | undefined;
  /** True if no request goes to REST, so that only the archive must be in reach. */
  readonly archiveOnly?: boolean | undefined;
  /** Returns true if simulated candles may be used in place of real ones. If left out, they may not. */
  readonly allowsSimulated?: () => Promise<boolean>;
  /** The command that accepts `--source simulated`, for the hint of an error. */
  readonly command?: 'run' | 'plan';
}

/**
 * Returns Binance, or the server at the base URLs of the environment, if it is in reach. The built-in simulated
 * exchange takes its place only if the source is `auto`, no market and no base URL was given, and `allowsSimulated`
 * agrees: an outage must not put simulated candles beside real ones.
 * @throws BadInput if source and market do not fit together
 * @throws ExchangeBusy if the exchange is out of reach
 */
export async function chooseExchange(environment: Environment, wanted: WantedExchange): Promise<ChosenExchange> {
  const { source } = wanted;
  const choice = EXCHANGE_CHOICES.find((c) => c === source);
  if (!choice) throw new BadInput(`source must be one of ${EXCHANGE_CHOICES.join(', ')}, got '${source}'`);
  const market = wanted.market === undefined ? undefined : parseMarket(wanted.market);
  if (choice === 'simulated' || market === 'sim') {
    if (market !== undefined && market !== 'sim') {
      throw new BadInput(`market of simulated candles is sim, got '${market}' with --source simulated`);
    }
    if (choice === 'binance') throw new BadInput(`market sim is served by --source simulated, got --source binance`);
    return simulatedExchange(environment, undefined);
  }
  const chosen = binance(environment, market ?? 'um');
  const reason = await whyOutOfReach(chosen, wanted.archiveOnly === true);
  if (reason === undefined) return chosen;
  const mayPretend = choice === 'auto' && market === undefined && !environment.standIn;
  if (mayPretend && (await wanted.allowsSimulated?.())) return simulatedExchange(environment, PRETENDING);
  const hint = wanted.command && `; for simulated candles: npx lake ${wanted.command} --source simulated`;
  throw new ExchangeBusy(`exchange is out of reach: ${reason}${hint ?? ''}`);
}

const PRETENDING = 'Binance is out of reach: using the built-in simulated exchange, market=sim.';

function binance(environment: Environment, market: Market): ChosenExchange {
  const clock = systemClock(environment.nowMs);
  return {
    market,
    urls: environment.urls,
    http: createHttp(),
    clock,
    governor: requestGovernor(clock),
    clockFixed: environment.nowMs !== undefined,
    notice: undefined,
    close: async () => {},
  };
}

/**
 * Returns undefined if REST or the archive answers anything at all, even a refusal. Otherwise returns the host and the
 * reason: `fapi.binance.com (ENOTFOUND)`.
 */
async function whyOutOfReach(
  { http, urls, market }: ChosenExchange,
  archiveOnly: boolean,
): Promise<string | undefined> {
  const { rest, archive } = venueOf(market).probeUrls(market, urls);
  const options = { timeoutMs: PROBE_TIMEOUT_MS };
  const tried = async (url: string): Promise<string | undefined> => {
    try {
      await http.get(url, options);
      return undefined;
    } catch (error) {
      return `${new URL(url).host} (${causeOf(error)})`;
    }
  };
  if (archiveOnly) return tried(archive);
  const [noRest, noArchive] = await Promise.all([tried(rest), tried(archive)]);
  return noArchive && noRest;
}

/** Returns the code of the innermost cause, such as ENOTFOUND, or its message. */
function causeOf(error: unknown): string {
  let at = error as { readonly message?: string; readonly code?: string; readonly cause?: unknown };
  while (typeof at.cause === 'object' && at.cause !== null) at = at.cause;
  return at.code ?? at.message ?? String(error);
}

async function simulatedExchange(environment: Environment, notice: string | undefined): Promise<ChosenExchange> {
  // Loaded only if it is used, so that `lake --help` does not wait for it.
  const { startExchange } = await import('../exchange/simulated/exchange.ts');
  const nowMs = environment.nowMs ?? simulatedNowMs(Date.now());
  const exchange = await startExchange({ nowMs });
  const clock = systemClock(nowMs);
  return {
    market: 'sim',
    urls: urlsWith({ rest: exchange.url, archive: exchange.url, archiveListing: exchange.url }),
    http: createHttp(),
    clock,
    governor: requestGovernor(clock),
    clockFixed: true,
    notice,
    close: () => exchange.close(),
  };
}
