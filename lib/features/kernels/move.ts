import type { Kernel } from '../kernel.ts';

/** Change of x from the row before, and its size. */
export function move(): Kernel {
  return {
    history: 1,
    warmUp: 1,
    run(_state, [x], [change, size], begin, end) {
      for (let i = begin; i < end; i++) {
        change[i] = x[i] - x[i - 1];
        size[i] = Math.abs(change[i]);
      }
    },
  };
}
