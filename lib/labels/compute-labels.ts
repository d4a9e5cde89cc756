import type { Interval } from '../domain/interval.ts';
import { averageUniqueness, inverseConcurrency } from './concurrency.ts';
import { LONGEST_RETURN, labelHorizon, labelLookback, signalBase, signalHorizon } from './label-horizon.ts';
import type { LabelWindow } from './label-window.ts';
import { LABEL_COLUMNS, type LabelColumn } from './schema.ts';
import { NO_BARRIERS, signalExits } from './signal-exits.ts';
import { recentDeviation, tripleBarrierExit, tripleBarrierSide } from './triple-barrier.ts';

const { isNaN: isUndefined } = Number;
const { max, min } = Math;

/** Label columns by name, one value a decided row, NaN where undefined; times are epoch milliseconds. */
export interface LabelColumns {
  readonly length: number;
  readonly columns: Readonly<Record<LabelColumn, Float64Array>>;
}

type Columns = Record<LabelColumn, Float64Array>;

const RETURNS = [
  ['fwd_return_1', 1],
  ['fwd_return_5', 5],
  ['fwd_return_15', 15],
  ['fwd_return_60', LONGEST_RETURN],
] as const;

/** σ of `tb_2_20` that its barriers are away. */
const TRIPLE_BARRIER_WIDTH = 2;

/**
 * The labels of rows `[begin, end)`; rows that have one which the window cannot decide yet are left out. `known_at` is
 * the close of the last candle that any label of the row looks at. Candles are counted, not time: over a gap a horizon
 * is longer.
 *
 * `signal`: from close c at row t the barriers are c × (1 ± target), target = base × σ at t. The first of the next
 * `signalHorizon` candles whose high reaches the upper one decides 1, whose low reaches the lower one 0, and both in one
 * candle 0 with `signal_ambiguous` 1, the conservative reading; if none does, the last one decides 2. Where σ is
 * undefined or zero (barriers of no width) the row is decided by the last one too and has no label.
 *
 * A row's values depend on the `labelLookback` candles before it, on itself and on the `labelHorizon` candles after it,
 * never on where `begin` and `end` are. The window has to reach so far back, or to the beginning of the series.
 */
export function computeLabels(interval: Interval, window: LabelWindow, begin: number, end: number): LabelColumns {
  const candles = window.close.length;
  const from = max(0, begin - labelLookback(interval));
  // Labels that begin after row `end` overlap those of the rows before it.
  const to = min(candles, end + labelHorizon(interval));
  const exits = signalExits(interval, window, from, to);
  const horizon = signalHorizon(interval);
  const decided = new Int32Array(max(0, end - begin));
  let length = 0;
  for (let t = begin; t < end; t++) {
    const exit = exits[t] === NO_BARRIERS ? t + horizon : exits[t];
    if (max(exit, t + LONGEST_RETURN) < candles) decided[length++] = t;
  }
  const rows = decided.subarray(0, length);
  const columns = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, new Float64Array(length).fill(Number.NaN)]),
  ) as Columns;
  writeTimes(columns, rows, exits, horizon, window);
  writeSignal(columns, rows, exits, signalBase(interval), window);
  writeTripleBarrier(columns, rows, window);
  for (const [name, ahead] of RETURNS) writeReturn(columns[name], rows, window.close, ahead);
  writeTrend(columns.trend_up_15, columns.fwd_return_15);
  writeUniqueness(columns.uniqueness, rows, exits, inverseConcurrency(exits, from, to));
  return { length, columns };
}

function writeTimes(
  { open_time, known_at }: Columns,
  rows: Int32Array,
  exits: Int32Array,
  horizon: number,
  { openTimeMs, knownAtMs }: LabelWindow,
): void {
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    const exit = exits[t] === NO_BARRIERS ? t + horizon : exits[t];
    open_time[row] = openTimeMs[t];
    known_at[row] = knownAtMs[max(exit, t + LONGEST_RETURN)];
  }
}

function writeSignal(
  columns: Columns,
  rows: Int32Array,
  exits: Int32Array,
  base: number,
  { knownAtMs, high, low, close, sigma }: LabelWindow,
): void {
  const { signal, signal_target, signal_bars, signal_return, signal_t1, signal_ambiguous } = columns;
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    const exit = exits[t];
    if (exit === NO_BARRIERS) continue;
    const target = base * sigma[t];
    const up = high[exit] >= close[t] * (1 + target);
    const down = low[exit] <= close[t] * (1 - target);
    signal[row] = down ? 0 : up ? 1 : 2;
    signal_target[row] = target;
    signal_bars[row] = exit - t;
    signal_return[row] = down ? -target : up ? target : close[exit] / close[t] - 1;
    signal_t1[row] = knownAtMs[exit];
    signal_ambiguous[row] = up && down ? 1 : 0;
  }
}

function writeTripleBarrier(
  { tb_2_20, tb_2_20_return, tb_2_20_t1 }: Columns,
  rows: Int32Array,
  { knownAtMs, close }: LabelWindow,
): void {
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    const target = TRIPLE_BARRIER_WIDTH * recentDeviation(close, t);
    if (!(target > 0)) continue;
    const exit = tripleBarrierExit(close, t, target);
    tb_2_20[row] = tripleBarrierSide(close, t, target, exit);
    tb_2_20_return[row] = close[exit] / close[t] - 1;
    tb_2_20_t1[row] = knownAtMs[exit];
  }
}

/** Undefined where the close is zero. */
function writeReturn(out: Float64Array, rows: Int32Array, close: Float64Array, ahead: number): void {
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    if (close[t] > 0) out[row] = close[t + ahead] / close[t] - 1;
  }
}

function writeTrend(out: Float64Array, returns: Float64Array): void {
  for (let row = 0; row < out.length; row++) {
    if (!isUndefined(returns[row])) out[row] = returns[row] > 0 ? 1 : 0;
  }
}

function writeUniqueness(out: Float64Array, rows: Int32Array, exits: Int32Array, inverse: Float64Array): void {
  for (let row = 0; row < rows.length; row++) {
    const t = rows[row];
    if (exits[t] !== NO_BARRIERS) out[row] = averageUniqueness(inverse, t, exits[t]);
  }
}
