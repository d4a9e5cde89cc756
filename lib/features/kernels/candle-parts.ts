import type { Kernel } from '../kernel.ts';

/**
 * Body, upper and lower shadow as parts of high − low, which add up to 1; undefined if that is zero. Inputs: range,
 * body, upper shadow, lower shadow.
 */
export function candleParts(): Kernel {
  return {
    run(_state, [range, body, upper, lower], [bodyPart, upperPart, lowerPart], begin, end) {
      for (let i = begin; i < end; i++) {
        bodyPart[i] = body[i] / range[i];
        upperPart[i] = upper[i] / range[i];
        lowerPart[i] = lower[i] / range[i];
      }
    },
  };
}
