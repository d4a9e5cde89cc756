import type { Kernel } from '../kernel.ts';

const { abs } = Math;

/** Sum since the series began, compensated (Neumaier 1974), so years of it do not drift. */
export function runningSum(): Kernel {
  return {
    stateLength: 2,
    run(state, [x], [out], begin, end) {
      let sum = state[0];
      let lost = state[1];
      for (let i = begin; i < end; i++) {
        const term = x[i];
        const next = sum + term;
        lost += abs(sum) >= abs(term) ? sum - next + term : term - next + sum;
        sum = next;
        out[i] = sum + lost;
      }
      state[0] = sum;
      state[1] = lost;
    },
  };
}
