import { CANDLE_COLUMNS } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { type FeatureRow, outputsOf } from './feature-row.ts';
import { TABLE } from './table.ts';

/**
 * Returns the number of candles without a value at the beginning of a series, for every output of the rows, hidden ones
 * included. It is Infinity if the column is undefined at this interval.
 */
export function warmUps(interval: Interval, rows: readonly FeatureRow[] = TABLE): Map<string, number> {
  const known = new Map<string, number>(CANDLE_COLUMNS.map((name) => [name, 0]));
  for (const row of rows) {
    const { warmUp = 0 } = row.kernel(row.parameters as never, { interval });
    const before = Math.max(0, ...row.inputs.map((name) => known.get(name) ?? Number.NaN));
    outputsOf(row).forEach((name, i) => {
      known.set(name, before + (typeof warmUp === 'number' ? warmUp : warmUp[i]));
    });
  }
  for (const name of CANDLE_COLUMNS) known.delete(name);
  return known;
}
