import { readEnvironment } from '../../adapters/environment.ts';
import { openStore } from '../../app/open-lake.ts';
import { parsePeriod } from '../../domain/period.ts';
import { parseSeriesFilter, type SeriesWords } from '../../domain/series-filter.ts';
import { history } from '../../lake/versions/history.ts';
import { simulatedNote } from '../simulated-note.ts';
import { type LakeOptions, printResult, type Terminal } from '../terminal.ts';
import { formatHistory } from './format-history.ts';

interface HistoryOptions extends LakeOptions, SeriesWords {
  readonly shard?: string;
}

/** `lake history`: prints the versions of shards and the reason for each. */
export async function historyCommand(options: HistoryOptions, terminal: Terminal): Promise<number> {
  const { market, shard } = options;
  const request = { ...parseSeriesFilter(options), ...(shard !== undefined && { period: parsePeriod(shard) }) };
  const lake = options.lake ?? readEnvironment(terminal.variables).lake;
  terminal.err.write(await simulatedNote(lake, market));
  const shards = await history(request, await openStore(lake));
  printResult(terminal, options, shards, () => formatHistory(shards));
  return 0;
}
