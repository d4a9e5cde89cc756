import type { Kernel } from '../kernel.ts';

/**
 * True strength index, −100 to 100 (Blau 1991): smoothed change ÷ smoothed size of the change. Undefined if that is
 * zero. Inputs: both, smoothed.
 */
export function tsi(): Kernel {
  return {
    run(_state, [change, size], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = size[i] === 0 ? Number.NaN : (100 * change[i]) / size[i];
    },
  };
}
