import { type Kernel, stateless } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Straight line of least squares through the last `length` values: its value at the latest, and its slope per row.
 * TA-Lib LINEARREG and LINEARREG_SLOPE. The slope is made of the differences between values as far before the middle of
 * the window as after it, so that a flat window has slope 0.
 */
export function linearRegression({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const half = (length - 1) / 2;
  const pairs = Math.floor(length / 2);
  const weights = Float64Array.from({ length: pairs }, (_, age) => half - age);
  const squares = (length * (length * length - 1)) / 12;
  return stateless(([x], [value, slope], begin, end, index) => {
    sum(x, value, begin, end, index);
    for (let i = begin; i < end; i++) {
      const oldest = i - length + 1;
      let moment = 0;
      for (let age = 0; age < pairs; age++) moment += weights[age] * (x[i - age] - x[oldest + age]);
      slope[i] = moment / squares;
      value[i] = value[i] / length + slope[i] * half;
    }
  }, length - 1);
}
