import { type Kernel, stateless } from '../kernel.ts';

/** Weights of a fractional difference of this order, latest value first, as far as they are no smaller than `least`. */
export function fractionalWeights(order: number, least: number): Float64Array {
  const weights = [1];
  for (let k = 1; ; k++) {
    const weight = (-weights[k - 1] * (order - k + 1)) / k;
    if (Math.abs(weight) < least) return Float64Array.from(weights);
    weights.push(weight);
  }
}

/**
 * Fractional difference over a window of fixed width (López de Prado 2018, ch. 5): the sum of the last values times the
 * weights of (1 − lag)^order that are no smaller than `least`. Four rows are done together, since their sums do not
 * wait for each other, and four weights, so that each value read serves four products before it is given up; each row
 * is summed in the same order as it would be alone.
 */
export function fractionalDifference({ order, least }: { order: number; least: number }): Kernel {
  const weights = fractionalWeights(order, least);
  const { length } = weights;
  const fours = length - (length % 4);
  const kernel = stateless(([x], [out], begin, end) => {
    let i = begin;
    for (; i + 4 <= end; i += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      // x0 to x3: the values that the first weight of a group meets in the four rows.
      let x1 = x[i + 1];
      let x2 = x[i + 2];
      let x3 = x[i + 3];
      for (let k = 0; k < fours; k += 4) {
        const w0 = weights[k];
        const w1 = weights[k + 1];
        const w2 = weights[k + 2];
        const w3 = weights[k + 3];
        const x0 = x[i - k];
        const y1 = x[i - k - 1];
        const y2 = x[i - k - 2];
        const y3 = x[i - k - 3];
        a = a + w0 * x0 + w1 * y1 + w2 * y2 + w3 * y3;
        b = b + w0 * x1 + w1 * x0 + w2 * y1 + w3 * y2;
        c = c + w0 * x2 + w1 * x1 + w2 * x0 + w3 * y1;
        d = d + w0 * x3 + w1 * x2 + w2 * x1 + w3 * x0;
        x1 = y3;
        x2 = y2;
        x3 = y1;
      }
      out[i] = a;
      out[i + 1] = b;
      out[i + 2] = c;
      out[i + 3] = d;
      for (let row = i; row < i + 4; row++) {
        for (let k = fours; k < length; k++) out[row] += weights[k] * x[row - k];
      }
    }
    for (; i < end; i++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += weights[k] * x[i - k];
      out[i] = sum;
    }
  }, length - 1);
  return { ...kernel, twin: { name: 'fractionalDifference', parameters: [length], constants: weights } };
}
