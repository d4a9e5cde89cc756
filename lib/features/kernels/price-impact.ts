import type { Kernel } from '../kernel.ts';

const { abs } = Math;

/** Size of a return for each unit of quote volume; undefined without trades. Inputs: return, quote volume. */
export function priceImpact(): Kernel {
  return {
    run(_state, [change, volume], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = volume[i] > 0 ? abs(change[i]) / volume[i] : Number.NaN;
    },
  };
}
