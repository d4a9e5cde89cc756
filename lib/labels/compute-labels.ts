import type { Interval } from '../domain/interval.ts';
import { type BarrierLevels, firstTouch, levelsOf } from './first-touch.ts';
import { labelHorizon, signalBase } from './label-horizon.ts';
import { LABEL_COLUMNS, type LabelColumn } from './schema.ts';

/** The rows to label and the candles after them. σ is `volatility_7d`, NaN where undefined; it is read at labelled rows only. */
export interface LabelWindow {
  readonly openTimeMs: Float64Array;
  readonly knownAtMs: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly sigma: Float64Array;
}

/** Label columns by name, one value a decided row, NaN where undefined; times are epoch milliseconds. */
export interface LabelColumns {
  readonly length: number;
  readonly columns: Readonly<Record<LabelColumn, Float64Array>>;
}

/**
 * The label `signal` and its companions of rows `[begin, end)`; rows that the window cannot decide yet are left out.
 *
 * From close c at row t the barriers are c × (1 ± target), target = base × σ at t. The first of the next
 * `labelHorizon` candles whose high reaches the upper one decides 1, whose low reaches the lower one 0, and both in one
 * candle 0 with `signal_ambiguous` 1, the conservative reading; if none does, the last one decides 2. Where σ is
 * undefined or zero (barriers of no width) the row is decided by the last one too and has no label. A row's values
 * depend on its own and later candles only, never on where `begin` and `end` are.
 */
export function computeLabels(interval: Interval, window: LabelWindow, begin: number, end: number): LabelColumns {
  const { openTimeMs, knownAtMs, high, low, close, sigma } = window;
  const horizon = labelHorizon(interval);
  const base = signalBase(interval);
  const candles = close.length;
  const levels: BarrierLevels = levelsOf(high, low, begin);
  const columns = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, new Float64Array(Math.max(0, end - begin))]),
  ) as Record<LabelColumn, Float64Array>;
  const { open_time, known_at, signal, signal_target, signal_bars, signal_return, signal_t1, signal_ambiguous } =
    columns;
  let row = 0;
  for (let t = begin; t < end; t++) {
    const last = t + horizon;
    const target = base * sigma[t];
    const labelled = target > 0;
    const upper = close[t] * (1 + target);
    const lower = close[t] * (1 - target);
    const stop = Math.min(last + 1, candles);
    const touch = labelled ? firstTouch(levels, upper, lower, t + 1, stop) : stop;
    const touched = touch < stop;
    if (!touched && last >= candles) continue;
    const exit = touched ? touch : last;
    open_time[row] = openTimeMs[t];
    known_at[row] = knownAtMs[exit];
    if (labelled) {
      const up = touched && high[exit] >= upper;
      const down = touched && low[exit] <= lower;
      signal[row] = down ? 0 : up ? 1 : 2;
      signal_target[row] = target;
      signal_bars[row] = exit - t;
      signal_return[row] = down ? -target : up ? target : close[exit] / close[t] - 1;
      signal_t1[row] = knownAtMs[exit];
      signal_ambiguous[row] = up && down ? 1 : 0;
    } else {
      signal[row] = Number.NaN;
      signal_target[row] = Number.NaN;
      signal_bars[row] = Number.NaN;
      signal_return[row] = Number.NaN;
      signal_t1[row] = Number.NaN;
      signal_ambiguous[row] = Number.NaN;
    }
    row++;
  }
  for (const name of LABEL_COLUMNS) columns[name] = columns[name].subarray(0, row);
  return { length: row, columns };
}
