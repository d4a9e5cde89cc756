import type { Kernel } from '../../kernel.ts';

/**
 * Sums of the `length` values before each one, to which TA-Lib's patterns compare a candle: of its range or its body.
 * With prices on a grid of ticks many candles are exactly as long as the average, and then the last bit of the sum
 * decides. So the sums are kept as TA-Lib keeps them: one summed up at candle `first`, another at the candle after it
 * and so on, `count` in all, each then moved along by adding the new less the old. That is exact while prices are of
 * one size; what a spike a million times the price leaves behind, it leaves in TA-Lib too, and it is too small for all
 * but ties.
 */
export function candleTotals({ length, first, count }: { length: number; first: number; count: number }): Kernel {
  return {
    stateLength: count,
    history: length + 1,
    warmUp: Array.from({ length: count }, (_, k) => first + k),
    run(state, [x], outputs, begin, end, index) {
      for (let k = 0; k < count; k++) {
        const out = outputs[k];
        let total = state[k];
        let i = Math.min(end, begin + Math.max(0, first + k - index));
        out.fill(Number.NaN, begin, i);
        if (i < end && i - begin + index === first + k) {
          total = 0;
          for (let j = i - length; j < i; j++) total += x[j];
          out[i++] = total;
        }
        for (; i < end; i++) {
          total += x[i - 1] - x[i - 1 - length];
          out[i] = total;
        }
        state[k] = total;
      }
    },
  };
}
