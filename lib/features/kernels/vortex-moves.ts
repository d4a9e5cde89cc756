import type { Kernel } from '../kernel.ts';

/** Vortex movements: from the low before to the high, and from the high before to the low. Inputs: high, low. */
export function vortexMoves(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [high, low], [plus, minus], begin, end) {
      for (let i = begin; i < end; i++) {
        plus[i] = Math.abs(high[i] - low[i - 1]);
        minus[i] = Math.abs(low[i] - high[i - 1]);
      }
    },
  };
}
