import { readEnvironment } from '../../adapters/environment.ts';
import { openStore } from '../../app/open-lake.ts';
import { simulatedNowMs } from '../../app/simulated-now.ts';
import { filterText, parseSeriesFilter, type SeriesWords } from '../../domain/series-filter.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import { listLake } from '../../lake/inventory/list-lake.ts';
import { summariseLake } from '../../lake/inventory/summarise-lake.ts';
import { type LakeOptions, printResult, type Terminal, widthOf } from '../terminal.ts';
import { formatInventory } from './format-inventory.ts';

/**
 * `lake ls`: prints what the lake holds, by its manifests. Exit code 1 if a manifest or a table is damaged or missing.
 */
export async function lsCommand(options: LakeOptions & SeriesWords, terminal: Terminal): Promise<number> {
  const wanted = parseSeriesFilter(options);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const listing = await listLake(await openStore(lake), wanted);
  const { series, streams, problems } = listing;
  if (series.length + streams.length + problems.length === 0) {
    throw holdsNone(lake, ['candles', filterText(wanted)].filter(Boolean).join(' of '));
  }
  const nowMs = environment.nowMs ?? Date.now();
  const summary = summariseLake(listing, (of) =>
    of === 'sim' && environment.nowMs === undefined ? simulatedNowMs(nowMs) : nowMs,
  );
  printResult(terminal, options, { lake, ...summary }, () =>
    formatInventory(summary, widthOf(terminal.out), { ...options }),
  );
  return problems.some(({ unfinished }) => !unfinished) ? 1 : 0;
}
