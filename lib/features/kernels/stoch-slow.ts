import type { Kernel } from '../kernel.ts';

/**
 * Slow stochastic from the raw one: %K its simple average, %D the simple average of %K. Both begin where %D does.
 * TA-Lib STOCH with moving average types SMA.
 */
export function stochSlow({ slowing, smoothing }: { slowing: number; smoothing: number }): Kernel {
  return {
    history: slowing + smoothing - 2,
    warmUp: slowing + smoothing - 2,
    run(_state, [raw], [kOut, dOut], begin, end) {
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
  };
}

function meanOf(x: Float64Array, last: number, length: number): number {
  let sum = 0;
  for (let j = last - length + 1; j <= last; j++) sum += x[j];
  return sum / length;
}
