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
  const lastRead = Int32Array.from({ length: max(0, end - begin) }, (_, k) => {
    const t = begin + k;
    const exit = exits[t] === NO_BARRIERS ? t + signalHorizon(interval) : exits[t];
    return max(exit, t + fixedHorizon(interval));
  });
  const rows = lastRead.map((_, k) => begin + k).filter((t) => lastRead[t - begin] < candles);
  const columns = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, new Float64Array(rows.length).fill(Number.NaN)]),
  ) as Record<LabelColumn, Float64Array>;
  rows.forEach((t, row) => {
    columns.open_time[row] = window.openTimeMs[t];
    columns.known_at[row] = window.knownAtMs[lastRead[t - begin]];
  });
  const scene: LabelScene = { interval, window, rows, from, to, exits };
  for (const label of labels) label.write(columns, scene);
  return { length: rows.length, columns };
}
