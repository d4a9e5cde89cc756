import { sliceCandles } from '../lib/domain/candles.ts';
import { createFeatureEngine } from '../lib/features/engine.ts';
import type { FeatureRow } from '../lib/features/feature-row.ts';
import { TABLE } from '../lib/features/table.ts';
import { walkCandles } from './walk-candles.ts';

/** Since the series began: these have another origin in an engine that begins later, and are no window. */
const CUMULATIVE: ReadonlySet<string> = new Set(['obv', 'ad', 'cvd']);
/** After this many candles nothing is left of where an average began; 43,200 of them fill the longest window. */
const RUN_UP = 90_000;
const ROWS = 5_000;

/**
 * The largest difference of any column, at the last rows of a long series. It is between an engine that has seen all of
 * the series and one that began shortly before, relative to the column's largest value there.
 */
export function largestDrift(length: number, chunk: number): { readonly name: string; readonly difference: number } {
  const candles = walkCandles(length);
  const rows: readonly FeatureRow[] = TABLE;
  const names = rows.flatMap((row) => row.columns.map((column) => column.name)).filter((name) => !CUMULATIVE.has(name));
  const tail = length - ROWS;
  const long = createFeatureEngine('1m', rows);
  for (let from = 0; from < tail; from += chunk) long.run(sliceCandles(candles, from, Math.min(from + chunk, tail)));
  const fresh = createFeatureEngine('1m', rows);
  fresh.run(sliceCandles(candles, tail - RUN_UP, tail));
  const last = sliceCandles(candles, tail, length);
  const a = long.run(last).columns as Readonly<Record<string, Float64Array>>;
  const b = fresh.run(last).columns as Readonly<Record<string, Float64Array>>;
  let worst = { name: 'none', difference: 0 };
  for (const name of names) {
    let size = 0;
    let difference = 0;
    for (let i = 0; i < ROWS; i++) {
      const [x, y] = [a[name]![i]!, b[name]![i]!];
      if (Number.isNaN(x) && Number.isNaN(y)) continue;
      size = Math.max(size, Math.abs(x));
      difference = Math.max(difference, Number.isNaN(x - y) ? Number.POSITIVE_INFINITY : Math.abs(x - y));
    }
    if (difference > 0 && difference / size > worst.difference) worst = { name, difference: difference / size };
  }
  return worst;
}
