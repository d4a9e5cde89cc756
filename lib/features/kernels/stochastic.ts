import { type Kernel, stateless, twinned } from '../kernel.ts';

/**
 * Raw stochastic: the place of a value between the lowest and the highest of a window, 0 to 100; 0 if these are equal,
 * as TA-Lib has it. Inputs: highest, lowest, the value.
 */
export const stochFast = twinned({ twin: 'stochFast' }, ([highest, lowest, x], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const span = highest[i] - lowest[i];
    out[i] = span === 0 ? 0 : (100 * (x[i] - lowest[i])) / span;
  }
});

/**
 * Williams %R, −100 to 0: how far a value lies below the highest of a window, in percent of the window's range; 0 if
 * that is zero, as TA-Lib WILLR has it. Inputs: highest, lowest, the value.
 */
export const willr = twinned({ twin: 'willr' }, ([highest, lowest, x], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    const span = highest[i] - lowest[i];
    out[i] = span === 0 ? 0 : (-100 * (highest[i] - x[i])) / span;
  }
});

/**
 * Slow stochastic from the raw one: %K its simple average, %D the simple average of %K. Both begin where %D does.
 * TA-Lib STOCH with moving average types SMA.
 */
export function stochSlow({ slowing, smoothing }: { slowing: number; smoothing: number }): Kernel {
  const kernel = stateless(
    ([raw], [kOut, dOut], begin, end) => {
      for (let i = begin; i < end; i++) kOut[i] = meanOf(raw, i, slowing);
      // Backwards, since %K is needed by the rows after it before it is left out.
      for (let i = end - 1; i >= begin; i--) {
        let sum = 0;
        for (let m = i - smoothing + 1; m <= i; m++) sum += m < begin ? meanOf(raw, m, slowing) : kOut[m];
        const d = sum / smoothing;
        dOut[i] = d;
        if (Number.isNaN(d)) kOut[i] = Number.NaN;
      }
    },
    slowing + smoothing - 2,
  );
  return { ...kernel, twin: { name: 'stochSlow', parameters: [slowing, smoothing] } };
}

function meanOf(x: Float64Array, last: number, length: number): number {
  let sum = 0;
  for (let j = last - length + 1; j <= last; j++) sum += x[j];
  return sum / length;
}
