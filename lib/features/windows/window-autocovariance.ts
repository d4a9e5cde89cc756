import { reciprocals } from './window-shape.ts';

/** Returns scratch of `windowAutocovariance`: mean, squares and products of neighbours of the ends of a block. */
export function allocateAutocovarianceEnds(length: number) {
  const values = () => new Float64Array(length + 1);
  return { mean: values(), squares: values(), products: values(), inverse: reciprocals(length) };
}

type AutocovarianceEnds = ReturnType<typeof allocateAutocovarianceEnds>;

/**
 * Over the last `length` values, at each row: the sum of squared deviations from their mean, and the sum of products of
 * the deviations of neighbours. As in `windowMoments` a window is the end of one block and the beginning of the next,
 * and nothing is subtracted out again. If a mean moves by m, the products of a run of n values from first to last
 * change by m × (first + last) + (n − 1) m², both as deviations from the old mean, less the sum of all of them, which
 * is 0. A window that holds NaN gives NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 */
export function windowAutocovariance(
  x: Float64Array,
  length: number,
  squaresOut: Float64Array,
  productsOut: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: AutocovarianceEnds,
): void {
  const { mean: endMean, squares: endSquares, products: endProducts, inverse } = ends;
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const lastBefore = x[block - 1];
    fillEnds(x, block, length, place, ends);
    let count = 0;
    let mean = 0;
    let squares = 0;
    let products = 0;
    const first = x[block];
    const stop = Math.min(end, block + length);
    for (let j = block; j < stop; j++) {
      const value = x[j];
      const off = value - mean;
      const next = mean + off * inverse[count + 1];
      if (count > 0) {
        const move = mean - next;
        products += move * ((count - 1) * move - (first - mean) - (x[j - 1] - mean));
        products += (value - next) * (x[j - 1] - next);
      }
      squares += off * (value - next);
      mean = next;
      count++;
      if (j < i) continue;
      const before = length - count;
      if (before === 0) {
        squaresOut[j] = squares;
        productsOut[j] = products;
        continue;
      }
      const otherMean = endMean[++place];
      const apart = otherMean - mean;
      const middle = mean + apart * before * inverse[length];
      const move = mean - middle;
      const otherMove = otherMean - middle;
      const oldest = x[j - length + 1];
      squaresOut[j] = squares + endSquares[place] + apart * apart * before * count * inverse[length];
      productsOut[j] =
        products +
        move * ((count - 1) * move - (first - mean) - (value - mean)) +
        endProducts[place] +
        otherMove * ((before - 1) * otherMove - (oldest - otherMean) - (lastBefore - otherMean)) +
        (lastBefore - middle) * (first - middle);
    }
    i = stop;
  }
}

/** Goes backwards over the block before row `block`, down to its place after `place`. */
function fillEnds(x: Float64Array, block: number, length: number, place: number, ends: AutocovarianceEnds): void {
  const { mean: endMean, squares: endSquares, products: endProducts, inverse } = ends;
  const lastBefore = x[block - 1];
  let count = 0;
  let mean = 0;
  let squares = 0;
  let products = 0;
  for (let k = length - 1; k > place; k--) {
    const value = x[block - length + k];
    const off = value - mean;
    const next = mean + off * inverse[count + 1];
    if (count > 0) {
      const move = mean - next;
      const neighbour = x[block - length + k + 1];
      products += move * ((count - 1) * move - (neighbour - mean) - (lastBefore - mean));
      products += (value - next) * (neighbour - next);
    }
    squares += off * (value - next);
    mean = next;
    count++;
    endMean[k] = mean;
    endSquares[k] = squares;
    endProducts[k] = products;
  }
}
