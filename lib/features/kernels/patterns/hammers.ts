import type { Kernel } from '../../kernel.ts';

const { abs, max, min } = Math;

/**
 * A small body, a lower shadow longer than it, hardly an upper one, near or below the low before: 1. TA-Lib CDLHAMMER.
 * Inputs, here and below: open, high, low, close, sums of 10 bodies, of 10 ranges and of 5 ranges.
 */
export function hammer(): Kernel {
  return longLowerShadow(1, (_high, low, bottom, near, i) => bottom <= low[i - 1] + near);
}

/** As a hammer, but near or above the high before: −1. TA-Lib CDLHANGINGMAN. */
export function hangingMan(): Kernel {
  return longLowerShadow(-1, (high, _low, bottom, near, i) => bottom >= high[i - 1] - near);
}

/** A small body, an upper shadow longer than it, hardly a lower one, wholly below the body before: 1. TA-Lib CDLINVERTEDHAMMER. */
export function invertedHammer(): Kernel {
  return longUpperShadow(1, (open, close, top, _bottom, i) => top < min(open[i - 1], close[i - 1]));
}

/** As an inverted hammer, but wholly above the body before: −1. TA-Lib CDLSHOOTINGSTAR. */
export function shootingStar(): Kernel {
  return longUpperShadow(-1, (open, close, _top, bottom, i) => bottom > max(open[i - 1], close[i - 1]));
}

function longLowerShadow(
  sign: number,
  placed: (high: Float64Array, low: Float64Array, bottom: number, near: number, i: number) => boolean,
): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 0,
    run(_state, [open, high, low, close, bodies, ranges, fiveRanges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const body = abs(close[i] - open[i]);
        const top = max(open[i], close[i]);
        const bottom = min(open[i], close[i]);
        const found =
          body < bodies[i] / 10 &&
          bottom - low[i] > body &&
          high[i] - top < 0.1 * (ranges[i] / 10) &&
          placed(high, low, bottom, 0.2 * (fiveRanges[i - 1] / 5), i);
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? sign : 0;
      }
    },
  };
}

function longUpperShadow(
  sign: number,
  placed: (open: Float64Array, close: Float64Array, top: number, bottom: number, i: number) => boolean,
): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 0,
    run(_state, [open, high, low, close, bodies, ranges], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const body = abs(close[i] - open[i]);
        const top = max(open[i], close[i]);
        const bottom = min(open[i], close[i]);
        const found =
          body < bodies[i] / 10 &&
          high[i] - top > body &&
          bottom - low[i] < 0.1 * (ranges[i] / 10) &&
          placed(open, close, top, bottom, i);
        out[i] = Number.isNaN(bodies[i]) ? Number.NaN : found ? sign : 0;
      }
    },
  };
}
