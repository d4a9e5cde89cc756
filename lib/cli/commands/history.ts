import { readEnvironment } from '../../adapters/environment.ts';
import { openStore } from '../../app/open-lake.ts';
import { parseInterval } from '../../domain/interval.ts';
import { parseMarket } from '../../domain/market.ts';
import { parsePeriod } from '../../domain/period.ts';
import { symbolFilter } from '../../domain/series.ts';
import { history } from '../../lake/versions/history.ts';
import { simulatedNote } from '../simulated-note.ts';
import type { Terminal } from '../terminal.ts';
import { formatHistory } from './format-history.ts';

interface HistoryOptions {
  readonly symbols?: string[];
  readonly interval?: string;
  readonly market?: string;
  readonly shard?: string;
  readonly lake?: string;
  readonly json?: boolean;
}

/** `lake history`: prints the versions of shards and the reason for each. */
export async function historyCommand(options: HistoryOptions, terminal: Terminal): Promise<number> {
  const { symbols, interval, market, shard } = options;
  const named = symbolFilter(symbols);
  const request = {
    ...(named && { symbols: named }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
    ...(market !== undefined && { market: parseMarket(market) }),
    ...(shard !== undefined && { period: parsePeriod(shard) }),
  };
  const lake = options.lake ?? readEnvironment(terminal.variables).lake;
  terminal.err.write(await simulatedNote(lake, market));
  const shards = await history(request, await openStore(lake));
  terminal.out.write(options.json ? `${JSON.stringify(shards)}\n` : formatHistory(shards));
  return 0;
}
