import { type Kernel, stateless } from '../kernel.ts';

/**
 * Ultimate oscillator, 0 to 100 (Williams 1985): buying pressure as a share of the true range over three windows,
 * weighted 4, 2 and 1. TA-Lib ULTOSC. A window without range adds nothing. The two longer windows are multiples
 * of the fast one and put together of it. Inputs: buying pressure and true range, both summed over `fast` candles.
 */
export function ultosc({ fast, middle, slow }: { fast: number; middle: number; slow: number }): Kernel {
  const kernel = stateless(([pressures, ranges], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      let pressure = pressures[i];
      let range = ranges[i];
      let sum = range === 0 ? 0 : 4 * (pressure / range);
      for (let age = fast; age < middle; age += fast) {
        pressure += pressures[i - age];
        range += ranges[i - age];
      }
      if (range !== 0) sum += 2 * (pressure / range);
      for (let age = middle; age < slow; age += fast) {
        pressure += pressures[i - age];
        range += ranges[i - age];
      }
      if (range !== 0) sum += pressure / range;
      out[i] = 100 * (sum / 7);
    }
  }, slow - fast);
  return { ...kernel, twin: { name: 'ultosc', parameters: [fast, middle, slow] } };
}
