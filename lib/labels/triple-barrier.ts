import type { Label } from './label.ts';

const { max, sqrt } = Math;

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
    const from = rows[0] ?? 0;
    const deviations = recentDeviations(close, from, (rows.at(-1) ?? -1) + 1);
    for (let row = 0; row < rows.length; row++) {
      const t = rows[row];
      const target = WIDTH * deviations[t - from];
      if (!(target > 0)) continue;
      const exit = tripleBarrierExit(close, t, target);
      tb_2_20[row] = tripleBarrierSide(close, t, target, exit);
      tb_2_20_return[row] = close[exit] / close[t] - 1;
      tb_2_20_t1[row] = knownAtMs[exit];
    }
  },
} as const satisfies Label;

/**
 * Returns the sample standard deviation of the last 20 returns at each row of `[from, to)`. NaN if there are fewer, or
 * if a close was zero. A row reads 21 closes and nothing else, so it does not depend on where the window begins.
 */
function recentDeviations(close: Float64Array, from: number, to: number): Float64Array {
  const before = max(0, from - CANDLES);
  const returns = new Float64Array(to - before);
  for (let k = 1; k < returns.length; k++) returns[k] = close[before + k] / close[before + k - 1];
  const deviations = new Float64Array(max(0, to - from)).fill(Number.NaN);
  let t = max(from, CANDLES);
  for (; t + 4 <= to; t += 4) fourDeviations(returns, t - before - CANDLES + 1, deviations, t - from);
  for (; t < to; t++) deviations[t - from] = deviationOf(returns, t - before - CANDLES + 1);
  return deviations;
}

/**
 * Writes the deviations of four windows that begin at `first` and at the next three returns. Each is summed in the
 * order of `deviationOf`. A sum waits for each addition, so four side by side take hardly longer than one.
 */
function fourDeviations(returns: Float64Array, first: number, out: Float64Array, at: number): void {
  const [a, b, c, d] = [returns[first], returns[first + 1], returns[first + 2], returns[first + 3]];
  let [p, q, r, s] = [0, 0, 0, 0];
  for (let k = first; k < first + CANDLES; k++) {
    p += returns[k] - a;
    q += returns[k + 1] - b;
    r += returns[k + 2] - c;
    s += returns[k + 3] - d;
  }
  const [e, f, g, h] = [p / CANDLES, q / CANDLES, r / CANDLES, s / CANDLES];
  [p, q, r, s] = [0, 0, 0, 0];
  for (let k = first; k < first + CANDLES; k++) {
    p += square(returns[k] - a - e);
    q += square(returns[k + 1] - b - f);
    r += square(returns[k + 2] - c - g);
    s += square(returns[k + 3] - d - h);
  }
  out[at] = deviation(p);
  out[at + 1] = deviation(q);
  out[at + 2] = deviation(r);
  out[at + 3] = deviation(s);
}

/** Deviations are from the first return, so that equal returns have a deviation of exactly 0. */
function deviationOf(returns: Float64Array, first: number): number {
  const reference = returns[first];
  let sum = 0;
  for (let k = first; k < first + CANDLES; k++) sum += returns[k] - reference;
  const mean = sum / CANDLES;
  let squares = 0;
  for (let k = first; k < first + CANDLES; k++) squares += square(returns[k] - reference - mean);
  return deviation(squares);
}

function square(x: number): number {
  return x * x;
}

/** Returns the deviation of a sum of squares, or NaN if it is not finite. */
function deviation(squares: number): number {
  const root = sqrt(squares / (CANDLES - 1));
  return root - root === 0 ? root : Number.NaN;
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
