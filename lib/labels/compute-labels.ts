import type { Interval } from '../domain/interval.ts';
import type { Label, LabelScene, LabelWindow } from './label.ts';
import { fixedHorizon, labelHorizon, labelLookback } from './label-horizon.ts';
import { LABELS } from './labels.ts';
import { LABEL_COLUMNS, type LabelColumn } from './schema.ts';
import { NO_BARRIERS, signalExits, signalHorizon } from './signal.ts';

const { max, min } = Math;
const labels: readonly Label[] = LABELS;

/** Label columns by name, one value per decided row. NaN is undefined, times are epoch milliseconds. */
export interface LabelColumns {
  readonly length: number;
  readonly columns: Readonly<Record<LabelColumn, Float64Array>>;
}

/**
 * Computes the labels of rows `[begin, end)`. It leaves out a row if the window cannot decide one of its labels yet.
 * `known_at` is the close of the last candle that a label of the row reads. Horizons count candles, not time, so they
 * are longer over a gap.
 *
 * A row's values depend on the `labelLookback` candles before it, on the row and on the `labelHorizon` candles after
 * it. They do not depend on `begin` and `end`. The window must contain those candles, or begin with the series.
 */
export function computeLabels(interval: Interval, window: LabelWindow, begin: number, end: number): LabelColumns {
  const candles = window.close.length;
  const from = max(0, begin - labelLookback(interval));
  // Labels that begin after row `end` overlap those of the rows before it.
  const to = min(candles, end + labelHorizon(interval));
  const exits = signalExits(interval, window, from, to);
  const lastRead = lastRowsRead(interval, exits, begin, end);
  const rows = rowsDecided(lastRead, begin, candles);
  const columns = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, new Float64Array(rows.length).fill(Number.NaN)]),
  ) as Record<LabelColumn, Float64Array>;
  const { open_time, known_at } = columns;
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    open_time[row] = window.openTimeMs[t];
    known_at[row] = window.knownAtMs[lastRead[t - begin]];
  }
  const scene: LabelScene = { interval, window, rows, from, to, exits };
  for (const label of labels) label.write(columns, scene);
  return { length: rows.length, columns };
}

/** Returns, for each row of `[begin, end)`, the last row that one of its labels reads. */
function lastRowsRead(interval: Interval, exits: Int32Array, begin: number, end: number): Int32Array {
  const [longest, fixed] = [signalHorizon(interval), fixedHorizon(interval)];
  const last = new Int32Array(max(0, end - begin));
  for (let k = 0; k < last.length; k++) {
    const t = begin + k;
    const exit = exits[t] === NO_BARRIERS ? t + longest : exits[t];
    last[k] = max(exit, t + fixed);
  }
  return last;
}

/** Returns the rows whose last row read is within the window. */
function rowsDecided(lastRead: Int32Array, begin: number, candles: number): Int32Array {
  const rows = new Int32Array(lastRead.length);
  let count = 0;
  for (let k = 0; k < lastRead.length; k++) if (lastRead[k] < candles) rows[count++] = begin + k;
  return rows.subarray(0, count);
}
