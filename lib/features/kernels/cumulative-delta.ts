import type { Kernel } from '../kernel.ts';

/**
 * Cumulative volume delta since the series began: the sum of bought less sold volume, 2 × taker buy volume − volume.
 * Compensated (Neumaier 1974), so years of it do not drift. Inputs: volume, taker buy volume.
 */
export function cumulativeDelta(): Kernel {
  return {
    stateLength: 2,
    history: 0,
    warmUp: 0,
    run(state, [volume, bought], [out], begin, end) {
      let sum = state[0];
      let lost = state[1];
      for (let i = begin; i < end; i++) {
        const term = 2 * bought[i] - volume[i];
        const next = sum + term;
        lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
        sum = next;
        out[i] = sum + lost;
      }
      state[0] = sum;
      state[1] = lost;
    },
  };
}
