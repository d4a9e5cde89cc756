import { type Kernel, stateless, twinned } from '../kernel.ts';
import { logRatio } from './log-ratio.ts';

const { sqrt } = Math;

const PARKINSON = 1 / (4 * Math.LN2);
const GARMAN_KLASS = 2 * Math.LN2 - 1;

/**
 * Estimates of the variance of a candle's log returns by three methods, and the two log returns that it consists of.
 * With u, d and c the logarithms of high, low and close over the open:
 *
 * - Parkinson 1980: (u − d)² ÷ (4 ln 2)
 * - Garman and Klass 1980, their estimator 5: (u − d)² ÷ 2 − (2 ln 2 − 1) c²
 * - Rogers and Satchell 1991: u (u − c) + d (d − c)
 * - c itself, and the logarithm of the open over the close before
 *
 * Undefined if a price is not above zero. Inputs: open, high, low, close.
 */
export const rangeVariances = twinned(
  { twin: 'rangeVariances', history: 1, warmUp: [0, 0, 0, 0, 1] },
  ([open, high, low, close], [parkinson, garmanKlass, rogersSatchell, within, between], begin, end) => {
    for (let i = begin; i < end; i++) {
      const first = open[i];
      const last = close[i];
      const before = close[i - 1];
      const positive = first > 0 && last > 0 && low[i] > 0;
      const u = positive ? logRatio(high[i], first) : Number.NaN;
      const d = positive ? logRatio(low[i], first) : Number.NaN;
      const c = positive ? logRatio(last, first) : Number.NaN;
      const squared = (u - d) * (u - d);
      parkinson[i] = squared * PARKINSON;
      garmanKlass[i] = squared / 2 - GARMAN_KLASS * c * c;
      rogersSatchell[i] = u * (u - c) + d * (d - c);
      within[i] = c;
      between[i] = positive && before > 0 ? logRatio(first, before) : Number.NaN;
    }
  },
);

/**
 * Volatility by Yang and Zhang 2000, which neither drift nor gaps between candles bias: the variance from close to open
 * + k × that from open to close + (1 − k) × that of Rogers and Satchell, with the k of least variance. Inputs: sample
 * variance of the log returns from close to open, of those from open to close, Rogers and Satchell's volatility, all
 * over `length` candles.
 */
export function yangZhang({ length }: { length: number }): Kernel {
  const k = 0.34 / (1.34 + (length + 1) / (length - 1));
  const kernel = stateless(([between, within, rogersSatchell], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      out[i] = sqrt(between[i] + k * within[i] + (1 - k) * rogersSatchell[i] * rogersSatchell[i]);
    }
  });
  return { ...kernel, twin: { name: 'yangZhang', parameters: [k] } };
}
