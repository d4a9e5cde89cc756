import type { Kernel } from '../kernel.ts';

/**
 * Moving average convergence divergence: fast EMA − slow EMA, its EMA (signal), and their difference (histogram).
 * TA-Lib MACD: both averages are seeded at the candle where the slow one has its first value, the fast one with the
 * mean of the `fast` candles up to there; all three columns begin with the signal's first value.
 */
export function macd({ fast, slow, signal }: { fast: number; slow: number; signal: number }): Kernel {
  const fastFactor = 2 / (fast + 1);
  const slowFactor = 2 / (slow + 1);
  const signalFactor = 2 / (signal + 1);
  const warmUp = slow + signal - 2;
  return {
    stateLength: 4,
    warmUp,
    run(state, [x], [macdOut, signalOut, histOut], begin, end) {
      let seen = state[0];
      let fastAverage = state[1];
      let slowAverage = state[2];
      let signalAverage = state[3];
      let i = begin;
      for (; i < end && seen <= warmUp; i++) {
        const value = x[i];
        let line = Number.NaN;
        if (seen < slow) {
          slowAverage += value;
          if (seen >= slow - fast) fastAverage += value;
          if (seen === slow - 1) {
            slowAverage /= slow;
            fastAverage /= fast;
          }
        } else {
          slowAverage += (value - slowAverage) * slowFactor;
          fastAverage += (value - fastAverage) * fastFactor;
        }
        if (seen >= slow - 1) {
          line = fastAverage - slowAverage;
          signalAverage += seen > warmUp ? (line - signalAverage) * signalFactor : line;
          if (seen === warmUp) signalAverage /= signal;
        }
        const known = seen >= warmUp;
        macdOut[i] = known ? line : Number.NaN;
        signalOut[i] = known ? signalAverage : Number.NaN;
        histOut[i] = known ? line - signalAverage : Number.NaN;
        seen = known ? warmUp + 1 : seen + 1;
      }
      for (; i < end; i++) {
        const value = x[i];
        slowAverage += (value - slowAverage) * slowFactor;
        fastAverage += (value - fastAverage) * fastFactor;
        const line = fastAverage - slowAverage;
        signalAverage += (line - signalAverage) * signalFactor;
        macdOut[i] = line;
        signalOut[i] = signalAverage;
        histOut[i] = line - signalAverage;
      }
      state[0] = seen;
      state[1] = fastAverage;
      state[2] = slowAverage;
      state[3] = signalAverage;
    },
  };
}
