import { existsSync } from 'node:fs';
import { readEnvironment } from '../../adapters/environment.ts';
import { openQueryEngine } from '../../app/open-lake.ts';
import { parseInterval } from '../../domain/interval.ts';
import { parseMarket } from '../../domain/market.ts';
import { symbolFilter } from '../../domain/series.ts';
import { describeLabels } from '../../labels/label-table.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import { type BalanceWanted, type ClassCount, labelBalance } from '../../query/label-balance.ts';
import { type Terminal, widthOf } from '../terminal.ts';
import { formatLabels } from './format-labels.ts';

interface LabelsOptions {
  readonly symbols?: readonly string[];
  readonly interval?: string;
  readonly market?: string;
  readonly lake?: string;
  readonly json?: boolean;
}

/** The interval that `npm start` collects. The horizons are those of this interval if no other is given. */
const SHOWN_INTERVAL = '15m';

/** `lake labels`: prints what each column of `labels` means, and how often each class occurs in the lake. */
export async function labelsCommand(options: LabelsOptions, terminal: Terminal): Promise<number> {
  const { market, symbols, interval } = options;
  const named = symbolFilter(symbols);
  const wanted: BalanceWanted = {
    ...(market !== undefined && { market: parseMarket(market) }),
    ...(named && { symbols: named }),
    ...(interval !== undefined && { interval: parseInterval(interval) }),
  };
  const labels = describeLabels(wanted.interval ?? SHOWN_INTERVAL);
  const environment = readEnvironment(terminal.variables);
  const lake = options.lake ?? environment.lake;
  const balance = await balanceOf(wanted, lake, environment.lakeName);
  if (balance.length === 0 && (market !== undefined || named)) {
    const of = [market, symbols?.join(','), interval].filter((word) => word !== undefined).join(' ');
    throw holdsNone(lake, `labels of ${of}`);
  }
  const width = widthOf(terminal.out);
  terminal.out.write(
    options.json
      ? `${JSON.stringify({ labels, balance })}\n`
      : formatLabels({ labels, balance, interval: wanted.interval ?? SHOWN_INTERVAL, lake }, width),
  );
  return 0;
}

async function balanceOf(wanted: BalanceWanted, lake: string, lakeName: string): Promise<ClassCount[]> {
  if (!lake.includes('://') && !existsSync(lake)) return [];
  const engine = await openQueryEngine(lake, lakeName);
  try {
    return await labelBalance(wanted, engine);
  } finally {
    await engine.close();
  }
}
