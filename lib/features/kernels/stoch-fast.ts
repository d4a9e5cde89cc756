import type { Kernel } from '../kernel.ts';

/**
 * Raw stochastic: the place of a value between the lowest and the highest of a window, 0 to 100; 0 if these are equal,
 * as TA-Lib has it. Inputs: highest, lowest, the value.
 */
export function stochFast(): Kernel {
  return {
    run(_state, [highest, lowest, x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const span = highest[i] - lowest[i];
        out[i] = span === 0 ? 0 : (100 * (x[i] - lowest[i])) / span;
      }
    },
  };
}
