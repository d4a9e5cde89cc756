import { readEnvironment } from '../../adapters/environment.ts';
import { simulatedNowMs } from '../../app/choose-exchange.ts';
import { openStore } from '../../app/open-lake.ts';
import { parseInterval } from '../../domain/interval.ts';
import { parseMarket } from '../../domain/market.ts';
import { symbolFilter } from '../../domain/series.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import { type ListingWanted, listLake } from '../../lake/inventory/list-lake.ts';
import { summariseLake } from '../../lake/inventory/summarise-lake.ts';
import { type Terminal, widthOf } from '../terminal.ts';
import { formatInventory } from './format-inventory.ts';

interface LsOptions {
  readonly market?: string;
  readonly symbols?: readonly string[];
  readonly interval?: string;
  readonly lake?: string;
  readonly json?: boolean;
}

/**
 * `lake ls`: prints what the lake holds, by its manifests. Exit code 1 if a manifest or a table is damaged or missing.
 */
export async function lsCommand(options: LsOptions, terminal: Terminal): Promise<number> {
  const { market, symbols, interval } = options;
  const named = symbolFilter(symbols);
  const wanted: ListingWanted = {
    ...(market !== undefined && { market: parseMarket(market) }),
    ...(named && { symbols: named }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
  };
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const listing = await listLake(await openStore(lake), wanted);
  const { series, streams, problems } = listing;
  if (series.length + streams.length + problems.length === 0) {
    throw holdsNone(lake, ['candles', nameOf(wanted)].filter(Boolean).join(' of '));
  }
  const nowMs = environment.nowMs ?? Date.now();
  const summary = summariseLake(listing, (of) =>
    of === 'sim' && environment.nowMs === undefined ? simulatedNowMs(nowMs) : nowMs,
  );
  terminal.out.write(
    options.json
      ? `${JSON.stringify({ lake, ...summary })}\n`
      : formatInventory(summary, widthOf(terminal.out), { ...options }),
  );
  return problems.some(({ unfinished }) => !unfinished) ? 1 : 0;
}

function nameOf({ market, symbols, interval }: ListingWanted): string {
  return [market, symbols?.join(','), interval].filter((part) => part !== undefined).join(' ');
}
