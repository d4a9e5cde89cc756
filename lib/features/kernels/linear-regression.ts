import type { Kernel } from '../kernel.ts';

/**
 * Straight line of least squares through the last `length` values: its value at the latest, and its slope per row.
 * TA-Lib LINEARREG and LINEARREG_SLOPE. Values are taken relative to the latest, so that a flat window has slope 0.
 */
export function linearRegression({ length }: { length: number }): Kernel {
  const half = (length - 1) / 2;
  const squares = (length * (length * length - 1)) / 12;
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [value, slope], begin, end) {
      for (let i = begin; i < end; i++) {
        const latest = x[i];
        let sum = 0;
        let moment = 0;
        for (let age = length - 1; age > 0; age--) {
          const off = x[i - age] - latest;
          sum += off;
          moment += (half - age) * off;
        }
        const rise = moment / squares;
        slope[i] = rise;
        value[i] = latest + sum / length + rise * half;
      }
    },
  };
}
