import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import { type ArchiveListing, archiveListing } from '../../exchange/binance/archive-listing.ts';
import { type Asking, Banned, Limited } from '../../exchange/binance/ask.ts';
import { askServerTime, askSymbols, type ListedSymbol, type ServerTime } from '../../exchange/binance/exchange-info.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';

/** What of the exchange answers from here, asked once at the start of a plan. */
export interface Reach {
  /** Undefined where REST is out of reach. */
  readonly rest: { readonly time: ServerTime; readonly symbols: readonly ListedSymbol[] } | undefined;
  /** Undefined where the archive is out of reach. */
  readonly archive: ArchiveListing | undefined;
  /** One line for a person for each half that is out of reach. */
  readonly notices: readonly string[];
}

type Tried<T> = { readonly value: T } | { readonly error: ExchangeBusy | ExchangeRefused };

/**
 * Asks REST and the archive whether they answer; with `archiveOnly` the archive alone. @throws ExchangeBusy where
 * neither does, or where REST answers but limits us for now (429): that passes, and a plan without REST would miss
 * candles for nothing.
 */
export async function askReach(
  market: Market,
  urls: ExchangeUrls,
  asking: Asking,
  archiveOnly: boolean,
): Promise<Reach> {
  const listing = archiveListing(urls.archiveListing, asking);
  if (archiveOnly) {
    await listing.probe(market);
    return { rest: undefined, archive: listing, notices: [] };
  }
  const [rest, archive] = await Promise.all([
    tried(() => askRest(urls.rest[market], market, asking)),
    tried(() => listing.probe(market)),
  ]);
  if ('error' in rest && 'error' in archive) {
    throw new ExchangeBusy(`exchange is not in reach: REST ${rest.error.message}; archive ${archive.error.message}`, {
      cause: rest.error,
    });
  }
  const notices: string[] = [];
  if ('error' in rest) notices.push(restNotice(rest.error));
  if ('error' in archive) notices.push(`archive is not in reach (${archive.error.message}); going on with REST alone`);
  return {
    rest: 'value' in rest ? rest.value : undefined,
    archive: 'value' in archive ? listing : undefined,
    notices,
  };
}

async function askRest(baseUrl: string, market: Market, asking: Asking): Promise<NonNullable<Reach['rest']>> {
  const time = await askServerTime(baseUrl, market, asking);
  try {
    return { time, symbols: await askSymbols(baseUrl, market, asking) };
  } catch (error) {
    // It answered a moment ago, so it is there: come back rather than plan without it.
    if (error instanceof ExchangeBusy && !(error instanceof Banned)) throw new ThereButBusy(error);
    throw error;
  }
}

/** Carries an error past `tried`. */
class ThereButBusy extends Error {
  readonly busy: ExchangeBusy;
  constructor(busy: ExchangeBusy) {
    super(busy.message);
    this.busy = busy;
  }
}

async function tried<T>(question: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    if (error instanceof ThereButBusy) throw error.busy;
    if (error instanceof Limited) throw error;
    if (error instanceof ExchangeBusy || error instanceof ExchangeRefused) return { error };
    throw error;
  }
}

function restNotice(error: ExchangeBusy | ExchangeRefused): string {
  const rest = 'the newest candles, which only REST has, will be missing';
  if (error instanceof Banned)
    return `Binance has banned this address for now (HTTP 418); going on with the archive alone: ${rest}`;
  if (!(error instanceof ExchangeRefused))
    return `REST is not in reach (${error.message}); going on with the archive alone: ${rest}`;
  if (error.status === 451)
    return `this region is blocked by Binance (HTTP 451); going on with the archive alone: ${rest}`;
  return `REST refused us (${error.message}); going on with the archive alone: ${rest}`;
}
