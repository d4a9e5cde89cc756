import type { Kernel } from '../kernel.ts';

/** Kernel of a column that has no meaning at this interval, such as a window of one day over weekly candles. */
export function undefinedColumn(): Kernel {
  return {
    warmUp: Number.POSITIVE_INFINITY,
    run(_state, _inputs, outputs, begin, end) {
      for (const output of outputs) output.fill(Number.NaN, begin, end);
    },
  };
}
