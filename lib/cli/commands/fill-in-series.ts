import { simulatedPart } from '../../app/held-markets.ts';
import { type Interval, parseInterval } from '../../domain/interval.ts';
import { parseMarket } from '../../domain/market.ts';
import { parseSeriesPath, parseSymbols } from '../../domain/series.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import type { ObjectStore } from '../../ports.ts';
import { ONLY_SIMULATED } from '../simulated-note.ts';
import type { Terminal } from '../terminal.ts';

/** The part of a command's options that names series: one market, symbols or `all`, one interval or several. */
interface SeriesOptions {
  readonly symbols: readonly string[];
  /** Comma-separated intervals. */
  readonly interval: string;
  readonly market?: string;
}

/**
 * Fills in the market and the symbols of a command that reads one market. The market is `um`, or `sim` if the lake
 * holds nothing else; a note says so. `all` symbols are those that the lake holds of the market and of each interval.
 * @throws BadInput if there are no such symbols
 */
export async function fillInSeries<T extends SeriesOptions>(
  options: T,
  store: ObjectStore,
  terminal: Pick<Terminal, 'err'>,
): Promise<T & { readonly market: string }> {
  const intervals = options.interval.split(',').map((one) => parseInterval(one.trim()));
  let market = options.market && parseMarket(options.market);
  if (market === undefined && (await simulatedPart(store)) === 'only') {
    market = 'sim';
    terminal.err.write(ONLY_SIMULATED);
  }
  const chosen = { ...options, market: market ?? 'um' };
  if (parseSymbols(options.symbols) !== 'all') return chosen;
  const symbols = await heldSymbols(store, chosen.market, intervals);
  if (symbols.length === 0) throw holdsNone(store.url, `candles of ${chosen.market} ${options.interval}`);
  return { ...chosen, symbols };
}

/** Symbols of a market that have a shard of each interval. */
async function heldSymbols(store: ObjectStore, market: string, intervals: readonly Interval[]): Promise<string[]> {
  const prefix = 'manifests/';
  const held = new Map<string, Set<string>>();
  for (const { key } of await store.list(`${prefix}market=${market}/`)) {
    const { symbol, interval } = parseSeriesPath(key.slice(prefix.length).split('/').slice(0, 3).join('/'));
    held.set(symbol, (held.get(symbol) ?? new Set()).add(interval));
  }
  return [...held].flatMap(([symbol, own]) => (intervals.every((one) => own.has(one)) ? symbol : [])).sort();
}
