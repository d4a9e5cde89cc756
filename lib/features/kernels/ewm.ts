import type { Kernel } from '../kernel.ts';

/**
 * Exponentially weighted mean seeded with the first defined value, factor 2 ÷ (span + 1): pandas
 * `ewm(span=…, adjust=False).mean()`. A value undefined later on gives an undefined row and is passed over.
 */
export function ewm({ span }: { span: number }): Kernel {
  const factor = 2 / (span + 1);
  return {
    stateLength: 2,
    history: 0,
    warmUp: 0,
    run(state, [x], [out], begin, end) {
      let begun = state[0];
      let mean = state[1];
      for (let i = begin; i < end; i++) {
        const value = x[i];
        if (!Number.isNaN(value)) {
          mean = begun === 0 ? value : mean + (value - mean) * factor;
          begun = 1;
          out[i] = mean;
        } else {
          out[i] = Number.NaN;
        }
      }
      state[0] = begun;
      state[1] = mean;
    },
  };
}
