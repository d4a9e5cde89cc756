import { candlesInDays, type Interval, nominalMs } from '../domain/interval.ts';
import { firstTouch, levelsOf } from './first-touch.ts';
import type { Label, LabelWindow } from './label.ts';

const HOUR_MS = 3_600_000;
const ORIGINAL = 'the original system, with a fixed horizon';

const AT_EXIT = { horizon: signalHorizon, known: 'signal_t1', source: ORIGINAL } as const;

/** Exit of a row without barriers, because its σ is undefined or zero. */
export const NO_BARRIERS = -1;

/**
 * From close c at row t, the barriers are c × (1 ± target) with target = base × σ at t. Of the next `signalHorizon`
 * candles, the first whose high reaches the upper barrier decides 1, and the first whose low reaches the lower one
 * decides 0. If one candle reaches both, `signal` is 0 and `signal_ambiguous` is 1, because 0 is the conservative
 * value. If no candle reaches a barrier, the last one decides 2. A row without barriers has no label.
 */
export const SIGNAL = {
  lookback: signalHorizon,
  endsWithSignal: true,
  columns: [
    {
      name: 'signal',
      type: 'int8',
      nullable: true,
      meaning: 'Which barrier the price reaches first: close[t] × (1 ± signal_target), within the horizon.',
      formula: 'first candle after t with high ≥ close[t] × (1 + target) or low ≤ close[t] × (1 - target)',
      unit: 'class',
      values: [
        { value: 0, meaning: 'the lower barrier first, or both barriers in one candle' },
        { value: 1, meaning: 'the upper barrier first' },
        { value: 2, meaning: 'neither barrier within the horizon' },
      ],
      ...AT_EXIT,
      pack: { end: 'signal_t1', weight: 'uniqueness', directions: { up: 1, down: 0, flat: 2 } },
    },
    {
      name: 'signal_target',
      type: 'float64',
      nullable: true,
      meaning: "Distance of signal's barriers from the close. It is known at the close of the row's candle.",
      formula: 'base × volatility_7d[t]; base 3 below 1h, 4 at 1h and 2h, 3 at 4h to 12h, 2 from 1d on',
      unit: 'fraction',
      horizon: () => 0,
      known: 'close of candle t',
      source: ORIGINAL,
    },
    {
      name: 'signal_bars',
      type: 'int32',
      nullable: true,
      meaning: 'Number of candles after t until signal is decided.',
      formula: 'exit - t',
      unit: 'candles',
      ...AT_EXIT,
    },
    {
      name: 'signal_return',
      type: 'float64',
      nullable: true,
      meaning: 'Return at the exit of signal.',
      formula: 'signal 0: -target; signal 1: target; signal 2: close[exit] / close[t] - 1',
      unit: 'fraction',
      ...AT_EXIT,
    },
    {
      name: 'signal_t1',
      type: 'timestamp',
      nullable: true,
      meaning: 'Instant at which signal is decided: the close of its exit candle.',
      formula: 'known_at of the exit candle',
      unit: 'instant',
      ...AT_EXIT,
    },
    {
      name: 'signal_ambiguous',
      type: 'int8',
      nullable: true,
      meaning: 'Whether one candle reached both barriers, so that their order is unknown.',
      formula: 'high[exit] ≥ upper and low[exit] ≤ lower',
      unit: 'flag',
      values: [
        { value: 0, meaning: 'at most one barrier in the exit candle' },
        { value: 1, meaning: 'both barriers in the exit candle; signal is then 0' },
      ],
      ...AT_EXIT,
    },
  ],
  write(columns, { interval, window, rows, exits }) {
    const { signal, signal_target, signal_bars, signal_return, signal_t1, signal_ambiguous } = columns;
    const { knownAtMs, high, low, close, sigma } = window;
    const base = signalBase(interval);
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
  },
} as const satisfies Label;

/**
 * Returns the number of candles after which `signal` is decided at the latest: one day of them, and 10 from 4h on. It
 * is fixed, because a horizon computed from the sample knows the future. The original system took a percentile of it.
 */
export function signalHorizon(interval: Interval): number {
  return nominalMs(interval) < 4 * HOUR_MS ? candlesInDays(interval, 1)! : 10;
}

/** Returns the width of the barriers in units of σ. */
export function signalBase(interval: Interval): number {
  const hours = nominalMs(interval) / HOUR_MS;
  if (hours < 1) return 3;
  if (hours < 4) return 4;
  return hours < 24 ? 3 : 2;
}

/**
 * Returns, for each row of `[from, to)`, the row that ends its `signal`: the first to touch a barrier, otherwise the
 * last of the horizon. The value is the window's length if that row is beyond the window, and `NO_BARRIERS` if σ is
 * zero or NaN.
 */
export function signalExits(interval: Interval, window: LabelWindow, from: number, to: number): Int32Array {
  const { high, low, close, sigma } = window;
  const horizon = signalHorizon(interval);
  const base = signalBase(interval);
  const candles = close.length;
  const levels = levelsOf(high, low, from);
  const exits = new Int32Array(candles).fill(NO_BARRIERS);
  for (let t = from; t < to; t++) {
    const target = base * sigma[t];
    if (!(target > 0)) continue;
    const last = t + horizon;
    const stop = last < candles ? last + 1 : candles;
    const touch = firstTouch(levels, close[t] * (1 + target), close[t] * (1 - target), t + 1, stop);
    exits[t] = touch < stop ? touch : Math.min(last, candles);
  }
  return exits;
}
