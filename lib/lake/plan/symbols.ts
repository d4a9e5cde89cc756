import { distance } from 'fastest-levenshtein';
import { BadInput } from '../../domain/errors.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import { parseSymbol } from '../../domain/series.ts';
import type { ListedLife } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { ParsedRequest } from './plan-request.ts';
import type { ReachableExchange } from './probe-exchange.ts';

/** A symbol to plan for, and whether REST lists it today. */
export interface ChosenSymbol {
  readonly symbol: string;
  /** True if REST answers and lists the symbol. */
  readonly rest: boolean;
  /** True if REST answers and no longer lists the symbol, while the archive keeps its files. */
  readonly delisted: boolean;
  /** Undefined if REST does not list it, or does not answer. */
  readonly life: ListedLife | undefined;
}

/**
 * Returns the symbols that a request names. Each must be listed by REST or kept by the archive.
 * @throws BadInput for a symbol that neither has, with the nearest names
 */
export async function chooseSymbols(request: ParsedRequest, reach: ReachableExchange): Promise<ChosenSymbol[]> {
  const { market, interval, symbols } = request;
  const listed = new Map((reach.rest?.symbols ?? []).map((s) => [s.symbol, s]));
  if (symbols === 'all') return reach.rest ? wholeMarket(reach.rest) : await wholeArchive(market, reach);
  const archived = reach.rest ? undefined : await reach.archive!.symbols(market);
  const chosen: ChosenSymbol[] = [];
  for (const symbol of symbols) {
    const known = listed.get(symbol);
    const there =
      known !== undefined || (archived?.includes(symbol) ?? (await isArchived(market, symbol, interval, reach)));
    if (!there) throw unknownSymbol(market, symbol, archived ?? [...listed.keys()]);
    const rest = known !== undefined;
    chosen.push({ symbol, rest, delisted: !rest && archived === undefined, life: known?.life });
  }
  return chosen;
}

function wholeMarket(rest: NonNullable<ReachableExchange['rest']>): ChosenSymbol[] {
  return rest.symbols
    .filter((s) => s.inWholeMarket && isNameable(s.symbol))
    .map((s) => ({ symbol: s.symbol, rest: true, delisted: false, life: s.life }));
}

/** Without REST it is unknown which symbols trade, so `all` is every archived symbol except dated contracts. */
async function wholeArchive(market: Market, reach: ReachableExchange): Promise<ChosenSymbol[]> {
  const names = await reach.archive!.symbols(market);
  return names
    .filter((name) => isNameable(name) && venueOf(market).isNameInWholeMarket(market, name))
    .map((symbol) => ({ symbol, rest: false, delisted: false, life: undefined }));
}

/** A delisted symbol is missing from exchangeInfo, but its files stay in the archive. */
async function isArchived(
  market: Market,
  symbol: string,
  interval: Interval,
  reach: ReachableExchange,
): Promise<boolean> {
  if (!reach.archive) return false;
  const series = { market, symbol, interval };
  for (const source of ['archive_monthly', 'archive_daily'] as const) {
    if ((await reach.archive.files(series, source)).length > 0) return true;
  }
  return false;
}

/** Returns false for a name that cannot be part of a key of the lake. */
function isNameable(name: string): boolean {
  try {
    return parseSymbol(name) === name;
  } catch {
    return false;
  }
}

function unknownSymbol(market: Market, symbol: string, names: readonly string[]): BadInput {
  const nearest = names
    .map((name) => ({ name, edits: distance(symbol, name) }))
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, 3);
  const nearestNames = nearest.map(({ name }) => name).join(' ');
  return new BadInput(
    `symbol must be one that the exchange lists in market ${market}, got '${symbol}', nearest are ${nearestNames}`,
  );
}
