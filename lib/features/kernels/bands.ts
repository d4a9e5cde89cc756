import { type Kernel, stateless, twinned } from '../kernel.ts';

/** Upper, middle and lower: the middle, and `widths` times the width above and below it. Inputs: middle, width. */
export function envelope({ widths }: { widths: number }): Kernel {
  const kernel = stateless(([x, width], [upper, middle, lower], begin, end) => {
    for (let i = begin; i < end; i++) {
      const half = widths * width[i];
      upper[i] = x[i] + half;
      middle[i] = Number.isNaN(half) ? Number.NaN : x[i];
      lower[i] = x[i] - half;
    }
  });
  return { ...kernel, twin: { name: 'envelope', parameters: [widths] } };
}

/**
 * Width of a band relative to its middle, and the place of x in it: 0 at the lower edge, 1 at the upper. The place is
 * undefined if the band has no width. Inputs: x, upper, middle, lower.
 */
export const bandPlace = twinned({ twin: 'bandPlace' }, ([x, upper, middle, lower], [width, percent], begin, end) => {
  for (let i = begin; i < end; i++) {
    const span = upper[i] - lower[i];
    width[i] = middle[i] === 0 ? Number.NaN : span / middle[i];
    percent[i] = span === 0 ? Number.NaN : (x[i] - lower[i]) / span;
  }
});
