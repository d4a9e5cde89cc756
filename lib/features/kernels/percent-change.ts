import type { Kernel } from '../kernel.ts';

/** Change from the row before, in percent, rounded to 2 decimals, half to even as numpy rounds. */
export function percentChange(): Kernel {
  return {
    stateLength: 0,
    history: 1,
    warmUp: 1,
    run(_state, [x], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const before = x[i - 1];
        const hundredths = (x[i] / before - 1) * 100 * 100;
        let rounded = Math.round(hundredths);
        if (rounded - hundredths === 0.5 && rounded % 2 !== 0) rounded--;
        out[i] = before === 0 ? Number.NaN : rounded / 100;
      }
    },
  };
}
