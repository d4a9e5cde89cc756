import type { Label } from './label.ts';

const { sqrt } = Math;

/** Candles forward to the vertical barrier, and back for σ. */
const CANDLES = 20;
/** Distance of the barriers in σ. */
const WIDTH = 2;
const AT_EXIT = { horizon: () => CANDLES, known: 'tb_2_20_t1', source: 'López de Prado (2018), ch. 3.4' } as const;

/** The triple barrier over closes. */
export const TRIPLE_BARRIER = {
  lookback: () => CANDLES,
  columns: [
    {
      name: 'tb_2_20',
      type: 'int8',
      nullable: true,
      meaning: 'Triple barrier on closes: ±2 σ of the last 20 returns, at most 20 candles.',
      formula: 'first close of t+1 … t+20 at or beyond close[t] × (1 ± 2 σ20[t]), else 0',
      unit: 'class',
      values: [
        { value: -1, meaning: 'a close at or below the lower barrier first' },
        { value: 0, meaning: 'neither barrier within 20 candles' },
        { value: 1, meaning: 'a close at or above the upper barrier first' },
      ],
      ...AT_EXIT,
      pack: { end: 'tb_2_20_t1', weight: 'over_rows', directions: { up: 1, down: -1, flat: 0 } },
    },
    {
      name: 'tb_2_20_return',
      type: 'float64',
      nullable: true,
      meaning: 'Return of the close at the exit of tb_2_20.',
      formula: 'close[exit] / close[t] - 1',
      unit: 'fraction',
      ...AT_EXIT,
    },
    {
      name: 'tb_2_20_t1',
      type: 'timestamp',
      nullable: true,
      meaning: 'Instant at which tb_2_20 is decided: the close of its exit candle.',
      formula: 'known_at of the exit candle',
      unit: 'instant',
      ...AT_EXIT,
    },
  ],
  write({ tb_2_20, tb_2_20_return, tb_2_20_t1 }, { window: { knownAtMs, close }, rows }) {
    for (let row = 0; row < rows.length; row++) {
      const t = rows[row];
      const target = WIDTH * recentDeviation(close, t);
      if (!(target > 0)) continue;
      const exit = tripleBarrierExit(close, t, target);
      tb_2_20[row] = tripleBarrierSide(close, t, target, exit);
      tb_2_20_return[row] = close[exit] / close[t] - 1;
      tb_2_20_t1[row] = knownAtMs[exit];
    }
  },
} as const satisfies Label;

/** Scratch: the returns of one window. */
const returns = new Float64Array(CANDLES);

/**
 * Returns the sample standard deviation of the last 20 returns of the close at row t. NaN if there are fewer, or if a
 * close was zero. It reads 21 closes and nothing else, so it does not depend on where the window begins. Deviations are
 * from the first return, so that equal returns have a deviation of exactly 0.
 */
function recentDeviation(close: Float64Array, t: number): number {
  const length = CANDLES;
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
 * Returns the first of the next 20 rows whose close is `target`, a fraction, or more away from that of row t; else the
 * 20th.
 */
function tripleBarrierExit(close: Float64Array, t: number, target: number): number {
  const upper = close[t] * (1 + target);
  const lower = close[t] * (1 - target);
  const last = t + CANDLES;
  for (let j = t + 1; j < last; j++) if (close[j] >= upper || close[j] <= lower) return j;
  return last;
}

/** Returns 1 for the upper barrier, −1 for the lower one, and 0 if no close reached one in time. */
function tripleBarrierSide(close: Float64Array, t: number, target: number, exit: number): -1 | 0 | 1 {
  if (close[exit] >= close[t] * (1 + target)) return 1;
  return close[exit] <= close[t] * (1 - target) ? -1 : 0;
}
