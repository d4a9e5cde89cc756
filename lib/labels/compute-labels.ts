import type { Interval } from '../domain/interval.ts';
import { averageUniqueness, inverseConcurrency } from './concurrency.ts';
import { labelHorizon, labelLookback, signalBase, signalHorizon } from './label-horizon.ts';
import type { LabelWindow } from './label-window.ts';
import { LABEL_COLUMNS, type LabelColumn } from './schema.ts';
import { signalExits } from './signal-exits.ts';
import { recentDeviation, tripleBarrierExit, tripleBarrierSide } from './triple-barrier.ts';

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
  ['fwd_return_60', 60],
] as const;

/** σ of `tb_2_20` that its barriers are away. */
const TRIPLE_BARRIER_WIDTH = 2;

/**
 * The labels of rows `[begin, end)`; rows that have one which the window cannot decide yet are left out. `known_at` is
 * the close of the last candle that any label of the row looks at.
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
  const { openTimeMs, knownAtMs, close } = window;
  const candles = close.length;
  const horizon = signalHorizon(interval);
  const furthest = RETURNS[RETURNS.length - 1][1];
  const from = max(0, begin - labelLookback(interval));
  // Labels that begin after row `end` overlap those of the rows before it.
  const to = min(candles, end + labelHorizon(interval));
  const exits = signalExits(interval, window, from, to);
  const inverse = inverseConcurrency(exits, from, to);
  const columns = Object.fromEntries(
    LABEL_COLUMNS.map((name) => [name, new Float64Array(max(0, end - begin)).fill(Number.NaN)]),
  ) as Columns;
  const { open_time, known_at, uniqueness } = columns;
  let row = 0;
  for (let t = begin; t < end; t++) {
    const labelled = exits[t] >= 0;
    const exit = labelled ? exits[t] : t + horizon;
    const decided = max(exit, t + furthest);
    if (decided >= candles) continue;
    open_time[row] = openTimeMs[t];
    known_at[row] = knownAtMs[decided];
    if (labelled) {
      writeSignal(columns, row, interval, window, t, exit);
      uniqueness[row] = averageUniqueness(inverse, t, exit);
    }
    writeTripleBarrier(columns, row, window, t);
    writeReturns(columns, row, close, t);
    row++;
  }
  for (const name of LABEL_COLUMNS) columns[name] = columns[name].subarray(0, row);
  return { length: row, columns };
}

function writeSignal(
  columns: Columns,
  row: number,
  interval: Interval,
  { knownAtMs, high, low, close, sigma }: LabelWindow,
  t: number,
  exit: number,
): void {
  const target = signalBase(interval) * sigma[t];
  const up = high[exit] >= close[t] * (1 + target);
  const down = low[exit] <= close[t] * (1 - target);
  columns.signal[row] = down ? 0 : up ? 1 : 2;
  columns.signal_target[row] = target;
  columns.signal_bars[row] = exit - t;
  columns.signal_return[row] = down ? -target : up ? target : close[exit] / close[t] - 1;
  columns.signal_t1[row] = knownAtMs[exit];
  columns.signal_ambiguous[row] = up && down ? 1 : 0;
}

function writeTripleBarrier(columns: Columns, row: number, { knownAtMs, close }: LabelWindow, t: number): void {
  const target = TRIPLE_BARRIER_WIDTH * recentDeviation(close, t);
  if (!(target > 0)) return;
  const exit = tripleBarrierExit(close, t, target);
  columns.tb_2_20[row] = tripleBarrierSide(close, t, target, exit);
  columns.tb_2_20_return[row] = close[exit] / close[t] - 1;
  columns.tb_2_20_t1[row] = knownAtMs[exit];
}

function writeReturns(columns: Columns, row: number, close: Float64Array, t: number): void {
  if (close[t] === 0) return;
  for (const [name, candles] of RETURNS) columns[name][row] = close[t + candles] / close[t] - 1;
  columns.trend_up_15[row] = columns.fwd_return_15[row] > 0 ? 1 : 0;
}
