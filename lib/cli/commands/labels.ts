import { existsSync } from 'node:fs';
import { readEnvironment } from '../../adapters/environment.ts';
import { openQueryEngine } from '../../app/open-lake.ts';
import { filterText, parseSeriesFilter, type SeriesFilter, type SeriesWords } from '../../domain/series-filter.ts';
import { describeLabels } from '../../labels/label-table.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import { type ClassCount, labelBalance } from '../../query/label-balance.ts';
import { type LakeOptions, printResult, type Terminal, widthOf } from '../terminal.ts';
import { formatLabels } from './format-labels.ts';

/** The interval that `npm start` collects. The horizons are those of this interval if no other is given. */
const SHOWN_INTERVAL = '15m';

/** `lake labels`: prints what each column of `labels` means, and how often each class occurs in the lake. */
export async function labelsCommand(options: LakeOptions & SeriesWords, terminal: Terminal): Promise<number> {
  const wanted = parseSeriesFilter(options);
  const { market, symbols, interval = SHOWN_INTERVAL } = wanted;
  const labels = describeLabels(interval);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const balance = await balanceOf(wanted, lake, environment.lakeName);
  if (balance.length === 0 && (market ?? symbols)) throw holdsNone(lake, `labels of ${filterText(wanted)}`);
  printResult(terminal, options, { labels, balance }, () =>
    formatLabels({ labels, balance, interval, lake }, widthOf(terminal.out)),
  );
  return 0;
}

async function balanceOf(wanted: SeriesFilter, lake: string, lakeName: string): Promise<ClassCount[]> {
  if (!lake.includes('://') && !existsSync(lake)) return [];
  const engine = await openQueryEngine(lake, lakeName);
  try {
    return await labelBalance(wanted, engine);
  } finally {
    await engine.close();
  }
}
