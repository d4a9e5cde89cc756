import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';
import type { Market } from '../../domain/market.ts';
import type { ExchangeAccess } from '../../exchange/access.ts';
import { Banned, Limited } from '../../exchange/http-failure.ts';
import type { ArchiveListing, ListedSymbol, ServerTime } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';

/** The halves of the exchange that answer from here. */
export interface ReachableExchange {
  /** Undefined if REST does not answer. */
  readonly rest: { readonly time: ServerTime; readonly symbols: readonly ListedSymbol[] } | undefined;
  /** Undefined if the archive does not answer. */
  readonly archive: ArchiveListing | undefined;
  /** One line for a person per half that does not answer. */
  readonly notices: readonly string[];
}

type Probed<T> = { readonly value: T } | { readonly error: ExchangeBusy | ExchangeRefused };

/**
 * Asks REST and the archive whether they answer. With `archiveOnly` it asks the archive alone.
 * @throws ExchangeBusy if neither answers, or if REST answers but limits us (429): that passes, and a plan without REST
 *   would lack candles for no reason
 */
export async function probeExchange(
  market: Market,
  access: ExchangeAccess,
  archiveOnly: boolean,
): Promise<ReachableExchange> {
  const listing = venueOf(market).archiveListing(access);
  if (archiveOnly) {
    await listing.probe(market);
    return { rest: undefined, archive: listing, notices: [] };
  }
  const [rest, archive] = await Promise.all([probe(() => askRest(market, access)), probe(() => listing.probe(market))]);
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

async function askRest(market: Market, access: ExchangeAccess): Promise<NonNullable<ReachableExchange['rest']>> {
  const time = await venueOf(market).askServerTime(market, access);
  try {
    return { time, symbols: await venueOf(market).askSymbols(market, access) };
  } catch (error) {
    // REST answered the question before, so the plan fails instead of doing without REST.
    if (error instanceof ExchangeBusy && !(error instanceof Banned)) throw new AnsweredBefore(error);
    throw error;
  }
}

/** Carries an error past `probe`. */
class AnsweredBefore extends Error {
  readonly busy: ExchangeBusy;
  constructor(busy: ExchangeBusy) {
    super(busy.message);
    this.busy = busy;
  }
}

async function probe<T>(question: () => Promise<T>): Promise<Probed<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    if (error instanceof AnsweredBefore) throw error.busy;
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
