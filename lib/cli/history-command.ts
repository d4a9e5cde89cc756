import { readEnvironment } from '../adapters/environment.ts';
import { parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import { parsePeriod } from '../domain/period.ts';
import { parseSymbol } from '../domain/series.ts';
import { history } from '../versions/history.ts';
import { historyText } from './history-text.ts';
import { openStore } from './open-lake.ts';
import type { Terminal } from './terminal.ts';

export interface HistoryOptions {
  readonly symbols?: string[];
  readonly interval?: string;
  readonly market?: string;
  readonly shard?: string;
  readonly lake?: string;
  readonly json?: boolean;
}

/** `lake history`: the versions that shards have had, and why each came to be. */
export async function historyCommand(options: HistoryOptions, terminal: Terminal): Promise<number> {
  const { symbols, interval, market, shard } = options;
  const request = {
    ...(symbols && { symbols: symbols.map(parseSymbol) }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
    ...(market !== undefined && { market: parseMarket(market) }),
    ...(shard !== undefined && { period: parsePeriod(shard) }),
  };
  const shards = await history(request, await openStore(options.lake ?? readEnvironment(terminal.variables).lake));
  terminal.out.write(options.json ? `${JSON.stringify(shards)}\n` : historyText(shards));
  return 0;
}
