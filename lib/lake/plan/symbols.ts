import { distance } from 'fastest-levenshtein';
import { BadInput } from '../../domain/errors.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import { parseSymbol } from '../../domain/series.ts';
import type { ToldLife } from '../../exchange/binance/exchange-info.ts';
import type { ParsedRequest } from './plan-request.ts';
import type { Reach } from './reach.ts';

/** A symbol to plan for, and whether the exchange's REST API knows it today. */
export interface ChosenSymbol {
  readonly symbol: string;
  /** True where REST can be asked: it is in reach and knows the symbol. */
  readonly rest: boolean;
  /** True where REST is in reach and no longer knows the symbol, while the archive keeps its files. */
  readonly delisted: boolean;
  /** Undefined where REST does not know it, or is out of reach. */
  readonly life: ToldLife | undefined;
}

/**
 * The symbols a request names, checked against what the exchange lists and what its archive keeps.
 * @throws BadInput for a symbol that neither has, with the nearest names.
 */
export async function chooseSymbols(request: ParsedRequest, reach: Reach): Promise<ChosenSymbol[]> {
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

function wholeMarket(rest: NonNullable<Reach['rest']>): ChosenSymbol[] {
  return rest.symbols
    .filter((s) => s.inWholeMarket && isNameable(s.symbol))
    .map((s) => ({ symbol: s.symbol, rest: true, delisted: false, life: s.life }));
}

/** Which symbols trade is not known without REST, so `all` is every archived one but the dated contracts. */
async function wholeArchive(market: Market, reach: Reach): Promise<ChosenSymbol[]> {
  const names = await reach.archive!.symbols(market);
  return names
    .filter((name) => isNameable(name) && (market === 'cm' ? name.endsWith('_PERP') : !name.includes('_')))
    .map((symbol) => ({ symbol, rest: false, delisted: false, life: undefined }));
}

/** A delisted symbol is gone from exchangeInfo, and its files stay. */
async function isArchived(market: Market, symbol: string, interval: Interval, reach: Reach): Promise<boolean> {
  if (!reach.archive) return false;
  const series = { market, symbol, interval };
  return (await reach.archive.monthlyFiles(series)).length > 0 || (await reach.archive.dailyFiles(series)).length > 0;
}

/** False for a name that could not be a key of the lake. */
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
  return new BadInput(
    `symbol must be one that the exchange lists in market ${market}, got '${symbol}', nearest are ${nearest.map((n) => n.name).join(' ')}`,
  );
}
