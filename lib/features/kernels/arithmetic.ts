import { type Kernel, stateless, twinned } from '../kernel.ts';

const { log, sqrt } = Math;

/** First input × second input. */
export const product = twinned({ twin: 'product' }, ([a, b], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = a[i] * b[i];
});

/** First input ÷ second input, undefined if the second is zero. */
export const ratio = twinned({ twin: 'ratio' }, ([dividend, divisor], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = divisor[i] === 0 ? Number.NaN : dividend[i] / divisor[i];
});

/** First input as a percentage of the second; 0 if that is zero, as TA-Lib NATR has it. */
export const percentOf = twinned({ twin: 'percentOf' }, ([part, whole], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = whole[i] === 0 ? 0 : (part[i] / whole[i]) * 100;
});

/** Distance of a fast average from a slow one, in percent of the slow one. TA-Lib PPO, which gives 0 if that is 0. */
export const ppo = twinned({ twin: 'ppo' }, ([fast, slow], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = slow[i] === 0 ? 0 : ((fast[i] - slow[i]) / slow[i]) * 100;
});

/**
 * True strength index, −100 to 100 (Blau 1991): smoothed change ÷ smoothed size of the change. Undefined if that is
 * zero. Inputs: both, smoothed.
 */
export const tsi = twinned({ twin: 'tsi' }, ([change, size], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = size[i] === 0 ? Number.NaN : (100 * change[i]) / size[i];
});

/** 2 × first input − second: a faster average corrected by a slower one. Of an EMA and its own EMA, TA-Lib DEMA. */
export const twiceLess = twinned({ twin: 'twiceLess' }, ([fast, slow], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = 2 * fast[i] - slow[i];
});

/** Triple exponential average from an EMA, its EMA, and the EMA of that: 3 × (first − second) + third. TA-Lib TEMA. */
export const tema = twinned({ twin: 'tema' }, ([once, twice, thrice], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = 3 * (once[i] - twice[i]) + thrice[i];
});

/** Distance of the first input from the second (its mean), in units of the third (its deviation); undefined at zero. */
export const zscore = twinned({ twin: 'zscore' }, ([x, mean, deviation], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    out[i] = deviation[i] === 0 ? Number.NaN : (x[i] - mean[i]) / deviation[i];
  }
});

/**
 * Square root of x × n ÷ (n − less): of the variance of a population of n, with `less` 1, the standard deviation of a
 * sample.
 */
export function squareRoot({ n, less }: { n: number; less: number }): Kernel {
  const factor = n / (n - less);
  const kernel = stateless(([x], [out], begin, end) => {
    for (let i = begin; i < end; i++) out[i] = sqrt(x[i] * factor);
  });
  return { ...kernel, twin: { name: 'squareRoot', parameters: [factor] } };
}

/** Natural logarithm, undefined unless above zero. */
export const naturalLog = twinned({ twin: 'naturalLog' }, ([x], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = x[i] > 0 ? log(x[i]) : Number.NaN;
});
