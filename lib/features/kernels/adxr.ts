import type { Kernel } from '../kernel.ts';

/** Average directional movement rating (Wilder 1978): mean of ADX now and `length` − 1 rows ago. TA-Lib ADXR. */
export function adxr({ length }: { length: number }): Kernel {
  const lag = length - 1;
  return {
    history: lag,
    warmUp: lag,
    run(_state, [adx], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = (adx[i] + adx[i - lag]) / 2;
    },
  };
}
