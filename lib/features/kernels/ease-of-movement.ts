import type { Kernel } from '../kernel.ts';

/** Arms divides the volume by this, so that the number has a size one can read. */
const VOLUME_UNIT = 1e8;

/**
 * Ease of movement of one candle (Arms 1989): how far the middle of the range has moved × the range, for 10^8 of
 * volume. A candle without volume moves nothing: 0. Inputs: high, low, volume.
 */
export function easeOfMovement(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [high, low, volume], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const moved = (high[i] - high[i - 1] + (low[i] - low[i - 1])) / 2;
        // Zero by way of the move, so that the first candle stays undefined.
        out[i] = volume[i] === 0 ? moved * 0 : (moved * (high[i] - low[i])) / (volume[i] / VOLUME_UNIT);
      }
    },
  };
}
