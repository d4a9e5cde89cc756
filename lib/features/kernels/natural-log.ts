import type { Kernel } from '../kernel.ts';

const { log } = Math;

/** Natural logarithm, undefined unless above zero. */
export function naturalLog(): Kernel {
  return {
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = x[i] > 0 ? log(x[i]) : Number.NaN;
    },
  };
}
