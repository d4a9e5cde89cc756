import type { Kernel } from '../kernel.ts';

const { max, min } = Math;

/**
 * Parabolic stop and reverse (Wilder 1978): a stop that follows the trend, the faster the more often the trend makes a
 * new extreme, and jumps to the other side when it is touched. TA-Lib SAR: the first direction is down where the first
 * downward movement is the greater, else up. Inputs: high, low.
 */
export function sar({ step, limit }: { step: number; limit: number }): Kernel {
  return {
    stateLength: 4,
    history: 1,
    warmUp: 1,
    run(state, [high, low], [out], begin, end) {
      // Side is 0 before the second candle, 1 while the trend is up, -1 while it is down.
      let side = state[0];
      let stop = state[1];
      let extreme = state[2];
      let speed = state[3];
      for (let i = begin; i < end; i++) {
        let highBefore = high[i - 1];
        let lowBefore = low[i - 1];
        if (Number.isNaN(highBefore)) {
          out[i] = Number.NaN;
          continue;
        }
        if (side === 0) {
          const down = lowBefore - low[i];
          side = down > 0 && high[i] - highBefore < down ? -1 : 1;
          stop = side > 0 ? lowBefore : highBefore;
          extreme = side > 0 ? high[i] : low[i];
          speed = step;
          highBefore = high[i];
          lowBefore = low[i];
        }
        if (side > 0 ? low[i] <= stop : high[i] >= stop) {
          side = -side;
          stop = side > 0 ? min(extreme, low[i], lowBefore) : max(extreme, high[i], highBefore);
          out[i] = stop;
          speed = step;
          extreme = side > 0 ? high[i] : low[i];
        } else {
          out[i] = stop;
          if (side > 0 ? high[i] > extreme : low[i] < extreme) {
            extreme = side > 0 ? high[i] : low[i];
            speed = min(limit, speed + step);
          }
        }
        stop += speed * (extreme - stop);
        // One after the other: that the stop is beyond either is rare, which of the two is beyond the other is not.
        if (side > 0) {
          if (lowBefore < stop) stop = lowBefore;
          if (low[i] < stop) stop = low[i];
        } else {
          if (highBefore > stop) stop = highBefore;
          if (high[i] > stop) stop = high[i];
        }
      }
      state[0] = side;
      state[1] = stop;
      state[2] = extreme;
      state[3] = speed;
    },
  };
}
