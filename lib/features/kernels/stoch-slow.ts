import type { Kernel } from '../kernel.ts';

/**
 * Slow stochastic from the raw one: %K its simple average, %D the simple average of %K. Both begin where %D does.
 * TA-Lib STOCH with moving average types SMA.
 */
export function stochSlow({ slowing, smoothing }: { slowing: number; smoothing: number }): Kernel {
  return {
    stateLength: 0,
    history: slowing + smoothing - 2,
    warmUp: slowing + smoothing - 2,
    run(_state, [raw], [kOut, dOut], begin, end) {
      for (let i = begin; i < end; i++) {
        let k = 0;
        let sum = 0;
        for (let m = i - smoothing + 1; m <= i; m++) {
          k = 0;
          for (let j = m - slowing + 1; j <= m; j++) k += raw[j];
          k /= slowing;
          sum += k;
        }
        const d = sum / smoothing;
        dOut[i] = d;
        kOut[i] = Number.isNaN(d) ? Number.NaN : k;
      }
    },
  };
}
