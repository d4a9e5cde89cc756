import { type Candles, sliceCandles } from '../lib/domain/candles.ts';
import { createFeatureEngine } from '../lib/features/engine.ts';
import type { EngineOptions } from '../lib/features/engine-arrays.ts';
import type { FeatureRow } from '../lib/features/feature-row.ts';
import { featureRows } from '../lib/features/table.ts';
import type { Task } from './contestant.ts';
import { cpuOf } from './repeat.ts';
import { SHARED_SET } from './shared-set.ts';
import { walkCandles, YEAR_OF_1M } from './walk-candles.ts';

/** Candles that refine gives to the engine at once: a month of 1m. */
export const MONTH = YEAR_OF_1M / 12;
/** The part that has all shared indicators in one table, which share hidden columns. */
export const TOGETHER = 'in one table';

/** Returns a function that runs an engine over candles month by month, as refine does. */
export function inMonths(candles: Candles, rows?: readonly FeatureRow[], options?: EngineOptions): () => unknown {
  const engine = createFeatureEngine('1m', rows, options);
  const months: Candles[] = [];
  for (let from = 0; from < candles.length; from += MONTH)
    months.push(sliceCandles(candles, from, Math.min(from + MONTH, candles.length)));
  return () => {
    engine.reset();
    let last: unknown;
    for (const month of months) last = engine.run(month).length;
    return last;
  };
}

/** The whole feature table over a year of 1m. */
export function wholeTableTask(): Task {
  return { run: inMonths(walkCandles(YEAR_OF_1M)) };
}

/** Each shared indicator with the hidden columns that it needs, and all of them in one table. */
export function sharedTask(): Task {
  const candles = walkCandles(YEAR_OF_1M);
  const runs = SHARED_SET.map((name) => [name, inMonths(candles, featureRows([name]))] as const);
  const together = inMonths(candles, featureRows(SHARED_SET));
  let parts: Record<string, number> = {};
  return {
    run() {
      parts = Object.fromEntries(runs.map(([name, run]) => [name, cpuOf(run)]));
      parts[TOGETHER] = cpuOf(together);
    },
    parts: () => parts,
  };
}
