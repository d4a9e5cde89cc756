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
 * weights of (1 − lag)^order that are no smaller than `least`. Eight rows are done together, since their sums do not wait
 * for each other; each is summed in the same order as it would be alone.
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
      for (; i + 8 <= end; i += 8) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        let e = 0;
        let f = 0;
        let g = 0;
        let h = 0;
        for (let k = 0, j = i; k < length; k++, j--) {
          const weight = weights[k];
          a += weight * x[j];
          b += weight * x[j + 1];
          c += weight * x[j + 2];
          d += weight * x[j + 3];
          e += weight * x[j + 4];
          f += weight * x[j + 5];
          g += weight * x[j + 6];
          h += weight * x[j + 7];
        }
        out[i] = a;
        out[i + 1] = b;
        out[i + 2] = c;
        out[i + 3] = d;
        out[i + 4] = e;
        out[i + 5] = f;
        out[i + 6] = g;
        out[i + 7] = h;
      }
      for (; i < end; i++) {
        let sum = 0;
        for (let k = 0; k < length; k++) sum += weights[k] * x[i - k];
        out[i] = sum;
      }
    },
  };
}
