import type { Kernel } from '../kernel.ts';

/**
 * Commodity channel index (Lambert 1980): distance of the typical price from its mean, in units of 0.015 mean absolute
 * deviations. TA-Lib CCI, which gives 0 where nothing moves. Deviations are taken from the latest value, so that a flat
 * window is exactly flat.
 */
export function cci({ length }: { length: number }): Kernel {
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [price], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const latest = price[i];
        let sum = 0;
        for (let j = i - length + 1; j < i; j++) sum += price[j] - latest;
        const mean = sum / length;
        let deviation = Math.abs(mean);
        for (let j = i - length + 1; j < i; j++) deviation += Math.abs(price[j] - latest - mean);
        out[i] = deviation === 0 ? 0 : -mean / ((0.015 * deviation) / length);
      }
    },
  };
}
