import { type Kernel, stateless } from '../kernel.ts';
import { sumsScratch, windowSums, windowWeightedSums } from '../windows/window-sums.ts';

const { max, sqrt } = Math;

/** Sums of the last `length` values of each input. */
export function sums({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const kernel = stateless((inputs, outputs, begin, end, index) => {
    for (let k = 0; k < inputs.length; k++) sum(inputs[k], outputs[k], begin, end, index);
  }, length - 1);
  return { ...kernel, twin: { name: 'sums', parameters: [length], scratch: sumsScratch(length) } };
}

/**
 * Sum of the last `length` of the first input ÷ that of the second, undefined if that is zero. Second output: the sum
 * of the second.
 */
export function sumRatio({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const kernel = stateless(([dividend, divisor], [out, divisors], begin, end, index) => {
    sum(dividend, out, begin, end, index);
    sum(divisor, divisors, begin, end, index);
    for (let i = begin; i < end; i++) out[i] = divisors[i] === 0 ? Number.NaN : out[i] / divisors[i];
  }, length - 1);
  return { ...kernel, twin: { name: 'sumRatio', parameters: [length], scratch: sumsScratch(length) } };
}

/** Simple moving average. TA-Lib SMA. */
export function sma({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const kernel = stateless(([x], [out], begin, end, index) => {
    sum(x, out, begin, end, index);
    for (let i = begin; i < end; i++) out[i] /= length;
  }, length - 1);
  return { ...kernel, twin: { name: 'sma', parameters: [length], scratch: sumsScratch(length) } };
}

/** Linearly weighted moving average: weight 1 for the oldest value, `length` for the latest. TA-Lib WMA. */
export function wma({ length }: { length: number }): Kernel {
  const sum = windowWeightedSums(length);
  const weights = (length * (length + 1)) / 2;
  return stateless(([x], [out], begin, end, index) => {
    sum(x, out, begin, end, index);
    for (let i = begin; i < end; i++) out[i] /= weights;
  }, length - 1);
}

/**
 * Square root of the mean of the last `length` values; a mean below zero, which only rounding can give, counts as 0.
 */
export function rootMean({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  const kernel = stateless(([x], [out], begin, end, index) => {
    sum(x, out, begin, end, index);
    for (let i = begin; i < end; i++) out[i] = sqrt(max(out[i] / length, 0));
  }, length - 1);
  return { ...kernel, twin: { name: 'rootMean', parameters: [length], scratch: sumsScratch(length) } };
}

/**
 * Fast simple average less slow one: over the median price, Williams' awesome oscillator (1998). Second output: the
 * slow.
 */
export function awesomeOscillator({ fast, slow }: { fast: number; slow: number }): Kernel {
  const sumFast = windowSums(fast);
  const sumSlow = windowSums(slow);
  const kernel = stateless(([x], [out, slowOut], begin, end, index) => {
    sumFast(x, out, begin, end, index);
    sumSlow(x, slowOut, begin, end, index);
    for (let i = begin; i < end; i++) {
      slowOut[i] /= slow;
      out[i] = out[i] / fast - slowOut[i];
    }
  }, max(fast, slow) - 1);
  return {
    ...kernel,
    twin: { name: 'awesomeOscillator', parameters: [fast, slow], scratch: sumsScratch(max(fast, slow)) },
  };
}

/**
 * "Know sure thing" (Pring 1992): four rates of change, each averaged, weighted 1 to 4. The first three averages have
 * `average` rows, the last has `last`. Inputs: the rates, from the shortest to the longest. Second output: the average
 * of the last.
 */
export function kst({ average, last }: { average: number; last: number }): Kernel {
  const sumOfMost = windowSums(average);
  const sumOfLast = windowSums(last);
  const kernel = stateless((rates, [out, mean], begin, end, index) => {
    out.fill(0, begin, end);
    for (let rate = 0; rate < rates.length; rate++) {
      const isLast = rate === rates.length - 1;
      const length = isLast ? last : average;
      const sum = isLast ? sumOfLast : sumOfMost;
      sum(rates[rate], mean, begin, end, index);
      for (let i = begin; i < end; i++) {
        mean[i] /= length;
        out[i] += (rate + 1) * mean[i];
      }
    }
  }, max(average, last) - 1);
  return { ...kernel, twin: { name: 'kst', parameters: [average, last], scratch: sumsScratch(max(average, last)) } };
}
