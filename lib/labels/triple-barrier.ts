import { TRIPLE_BARRIER_CANDLES } from './label-horizon.ts';

const { sqrt } = Math;

/** Scratch: the returns of one window. */
const returns = new Float64Array(TRIPLE_BARRIER_CANDLES);

/**
 * Sample standard deviation of the last 20 returns of the close at row t, the σ of `tb_2_20`. NaN where there are fewer
 * or a close was zero. It reads 21 closes and nothing else, so it is the same wherever the window begins; taken from
 * the first return, so that equal returns have a deviation of exactly 0.
 */
export function recentDeviation(close: Float64Array, t: number): number {
  const length = TRIPLE_BARRIER_CANDLES;
  if (t < length) return Number.NaN;
  const first = t - length + 1;
  const reference = close[first] / close[first - 1];
  let sum = 0;
  for (let k = 0; k < length; k++) {
    const off = close[first + k] / close[first + k - 1] - reference;
    returns[k] = off;
    sum += off;
  }
  const mean = sum / length;
  let squares = 0;
  for (let k = 0; k < length; k++) {
    const off = returns[k] - mean;
    squares += off * off;
  }
  const deviation = sqrt(squares / (length - 1));
  return deviation - deviation === 0 ? deviation : Number.NaN;
}

/**
 * Row at which the triple barrier of row t ends: the first of the next 20 whose close is `target` or more away from the
 * close at t, a fraction, or else the 20th. López de Prado (2018), ch. 3.4.
 */
export function tripleBarrierExit(close: Float64Array, t: number, target: number): number {
  const upper = close[t] * (1 + target);
  const lower = close[t] * (1 - target);
  const last = t + TRIPLE_BARRIER_CANDLES;
  for (let j = t + 1; j < last; j++) if (close[j] >= upper || close[j] <= lower) return j;
  return last;
}

/** Which barrier ended it: 1 the upper, −1 the lower, 0 neither, the time ran out. */
export function tripleBarrierSide(close: Float64Array, t: number, target: number, exit: number): -1 | 0 | 1 {
  if (close[exit] >= close[t] * (1 + target)) return 1;
  return close[exit] <= close[t] * (1 - target) ? -1 : 0;
}
