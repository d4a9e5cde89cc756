import type { Kernel } from '../kernel.ts';

const { abs, max, min } = Math;

/**
 * Body, upper and lower shadow as parts of high − low, which add up to 1; undefined where that is zero. Inputs: open,
 * high, low, close.
 */
export function candleParts(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [open, high, low, close], [body, upper, lower], begin, end) {
      for (let i = begin; i < end; i++) {
        const range = high[i] - low[i];
        if (range === 0) {
          body[i] = Number.NaN;
          upper[i] = Number.NaN;
          lower[i] = Number.NaN;
          continue;
        }
        body[i] = abs(close[i] - open[i]) / range;
        upper[i] = (high[i] - max(open[i], close[i])) / range;
        lower[i] = (min(open[i], close[i]) - low[i]) / range;
      }
    },
  };
}
