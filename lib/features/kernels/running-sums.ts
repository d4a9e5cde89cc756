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

/**
 * Fast less slow exponential average of the running sum of x, both seeded with its first value: TA-Lib ADOSC where x is
 * the money flow volume. What is kept is how far the sum is ahead of each average, so the size that the sum has
 * reached costs no digits.
 */
export function runningSumOscillator({ fast, slow }: { fast: number; slow: number }): Kernel {
  const fastKeeps = 1 - 2 / (fast + 1);
  const slowKeeps = 1 - 2 / (slow + 1);
  return {
    stateLength: 3,
    warmUp: slow - 1,
    run(state, [x], [out], begin, end) {
      let seen = state[0];
      let aheadOfFast = state[1];
      let aheadOfSlow = state[2];
      for (let i = begin; i < end; i++) {
        if (seen > 0) {
          aheadOfFast = (aheadOfFast + x[i]) * fastKeeps;
          aheadOfSlow = (aheadOfSlow + x[i]) * slowKeeps;
        }
        if (seen < slow) seen++;
        out[i] = seen < slow ? Number.NaN : aheadOfSlow - aheadOfFast;
      }
      state[0] = seen;
      state[1] = aheadOfFast;
      state[2] = aheadOfSlow;
    },
  };
}
