import type { Kernel } from '../kernel.ts';

/** The supertrend: its lower band while the direction is up, its upper band while it is down. */
export function supertrend(): Kernel {
  return {
    run(_state, [direction, lower, upper], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = direction[i] > 0 ? lower[i] : upper[i];
    },
  };
}
