import type { Kernel } from '../kernel.ts';

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
 * weights of (1 − lag)^order that are no smaller than `least`. Six rows are done together, since their sums do not wait
 * for each other and share what is read; each is summed in the same order as it would be alone.
 */
export function fractionalDifference({ order, least }: { order: number; least: number }): Kernel {
  const weights = fractionalWeights(order, least);
  const { length } = weights;
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end) {
      let i = begin;
      for (; i + 6 <= end; i += 6) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        let e = 0;
        let f = 0;
        let x1 = x[i + 1];
        let x2 = x[i + 2];
        let x3 = x[i + 3];
        let x4 = x[i + 4];
        let x5 = x[i + 5];
        for (let k = 0; k < length; k++) {
          const weight = weights[k];
          const x0 = x[i - k];
          a += weight * x0;
          b += weight * x1;
          c += weight * x2;
          d += weight * x3;
          e += weight * x4;
          f += weight * x5;
          x5 = x4;
          x4 = x3;
          x3 = x2;
          x2 = x1;
          x1 = x0;
        }
        out[i] = a;
        out[i + 1] = b;
        out[i + 2] = c;
        out[i + 3] = d;
        out[i + 4] = e;
        out[i + 5] = f;
      }
      for (; i < end; i++) {
        let sum = 0;
        for (let k = 0; k < length; k++) sum += weights[k] * x[i - k];
        out[i] = sum;
      }
    },
  };
}
