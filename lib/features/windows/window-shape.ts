/** Returns scratch of `windowShape`: mean and sums of powers 2 to 4 of the deviations of the ends of a block. */
export function allocateShapeEnds(length: number) {
  const values = () => new Float64Array(length + 1);
  return { mean: values(), squares: values(), cubes: values(), fourths: values(), inverse: reciprocals(length) };
}

type ShapeEnds = ReturnType<typeof allocateShapeEnds>;

/** Returns 1 ÷ n for the counts of a window: dividing would take most of the time. */
export function reciprocals(length: number): Float64Array {
  return Float64Array.from({ length: length + 1 }, (_, n) => 1 / n);
}

/**
 * Sums of the second, third and fourth powers of the deviations from the mean of the last `length` values, at each row.
 * Built as `windowMoments` builds the variance, the powers by Pébay 2008: nothing is subtracted out again, so there is
 * no drift, and a value that has left the window leaves no trace. A window that holds NaN gives NaN.
 *
 * @param x read from row `begin - length + 1` on
 * @param index rows of the series before row `begin`
 */
export function windowShape(
  x: Float64Array,
  length: number,
  squaresOut: Float64Array,
  cubesOut: Float64Array,
  fourthsOut: Float64Array,
  begin: number,
  end: number,
  index: number,
  ends: ShapeEnds,
): void {
  const { mean: endMean, squares: endSquares, cubes: endCubes, fourths: endFourths, inverse } = ends;
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    fillEnds(x, block, length, place, ends);
    let count = 0;
    let mean = 0;
    let squares = 0;
    let cubes = 0;
    let fourths = 0;
    const stop = Math.min(end, block + length);
    for (let j = block; j < stop; j++) {
      const off = x[j] - mean;
      const share = off * inverse[++count];
      const part = share * share;
      const term = off * share * (count - 1);
      fourths += term * part * (count * count - 3 * count + 3) + 6 * part * squares - 4 * share * cubes;
      cubes += term * share * (count - 2) - 3 * share * squares;
      squares += term;
      mean += share;
      if (j < i) continue;
      // The window: `before` values at the end of the last block, `count` at the beginning of this one.
      const before = length - count;
      const apart = mean - endMean[++place];
      const a = before * inverse[length];
      const b = count * inverse[length];
      const both = apart * apart * before * b;
      squaresOut[j] = squares + endSquares[place] + both;
      cubesOut[j] =
        cubes + endCubes[place] + both * apart * (a - b) + 3 * apart * (a * squares - b * endSquares[place]);
      fourthsOut[j] =
        fourths +
        endFourths[place] +
        both * apart * apart * (a * a - a * b + b * b) +
        6 * apart * apart * (a * a * squares + b * b * endSquares[place]) +
        4 * apart * (a * cubes - b * endCubes[place]);
    }
    i = stop;
  }
}

/** Goes backwards over the block before row `block`, down to its place after `place`. */
function fillEnds(x: Float64Array, block: number, length: number, place: number, ends: ShapeEnds): void {
  const { mean: endMean, squares: endSquares, cubes: endCubes, fourths: endFourths, inverse } = ends;
  let count = 0;
  let mean = 0;
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let k = length - 1; k > place; k--) {
    const off = x[block - length + k] - mean;
    const share = off * inverse[++count];
    const part = share * share;
    const term = off * share * (count - 1);
    fourths += term * part * (count * count - 3 * count + 3) + 6 * part * squares - 4 * share * cubes;
    cubes += term * share * (count - 2) - 3 * share * squares;
    squares += term;
    mean += share;
    endMean[k] = mean;
    endSquares[k] = squares;
    endCubes[k] = cubes;
    endFourths[k] = fourths;
  }
}
