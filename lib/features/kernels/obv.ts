import type { Kernel } from '../kernel.ts';

/**
 * On balance volume (Granville 1963): volume added when the close rises, taken away when it falls. TA-Lib OBV, which
 * begins with the first candle's volume. The sum is compensated (Neumaier 1974), so years of it do not drift.
 */
export function obv(): Kernel {
  return {
    stateLength: 2,
    history: 1,
    warmUp: 0,
    run(state, [close, volume], [out], begin, end) {
      let sum = state[0];
      let lost = state[1];
      for (let i = begin; i < end; i++) {
        const change = close[i] - close[i - 1];
        // The first candle has none before it: its change is NaN, and its volume counts as it stands.
        const term = volume[i] * (Number(!(change <= 0)) - Number(change < 0));
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
