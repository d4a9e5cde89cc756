import type { Kernel } from '../kernel.ts';

/** First input ÷ second input − 1, a fraction. Undefined where the second is zero. */
export function relativeDistance(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [x, base], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = base[i] === 0 ? Number.NaN : x[i] / base[i] - 1;
    },
  };
}
