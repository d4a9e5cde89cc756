import { neighbours } from './neighbours';

/**
 * Twin of `windowMoments` in windows/window-moments.ts. The sums backwards over the block before and those forwards
 * over the block of the rows are the two lanes of one vector. Scratch is four arrays of `length` + 1 numbers.
 */
export function windowMoments(
  scratch: usize,
  x: usize,
  length: i32,
  least: i32,
  less: i32,
  meanOut: usize,
  varianceOut: usize,
  begin: i32,
  end: i32,
  index: i32,
): void {
  const width = (length + 1) << 3;
  const ends = scratch;
  const endSquares = ends + width;
  const starts = endSquares + width;
  const startSquares = starts + width;
  store<f64>(ends + (length << 3), 0);
  store<f64>(endSquares + (length << 3), 0);
  let gaps = false;
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const behind = length - 1 - place;
    const ahead = min(end - block, length);
    const middle = x + (block << 3);
    const origin = v128.load_splat<f64>(middle);
    let sum = f64x2.splat(0);
    let squares = sum;
    for (let t = 1, steps = max(behind, ahead); t <= steps; t++) {
      const off = f64x2.sub(neighbours(middle, t, behind, ahead), origin);
      sum = f64x2.add(sum, off);
      squares = f64x2.add(squares, f64x2.mul(off, off));
      const k = (length - t) << 3;
      v128.store_lane<f64>(ends + k, sum, 0);
      v128.store_lane<f64>(endSquares + k, squares, 0);
      v128.store_lane<f64>(starts + (t << 3), sum, 1);
      v128.store_lane<f64>(startSquares + (t << 3), squares, 1);
    }
    if (v128.any_true(f64x2.ne(sum, sum))) gaps = true;
    const rows = block + ahead - i;
    writeMoments(
      scratch + ((place + 1) << 3),
      width,
      origin,
      length,
      less,
      meanOut + (i << 3),
      varianceOut + (i << 3),
      rows,
    );
    i += rows;
  }
  if (gaps) definedMoments(scratch, x, length, least, less, meanOut, varianceOut, begin, end, index);
}

/** Joins the two sums of each window. `sums` is the first place of the rows in the first of the four arrays. */
function writeMoments(
  sums: usize,
  width: usize,
  origin: v128,
  length: i32,
  less: i32,
  meanOut: usize,
  varianceOut: usize,
  rows: i32,
): void {
  const share = f64x2.splat(1 / <f64>length);
  const divisor = f64x2.splat(<f64>(length - less));
  const zero = f64x2.splat(0);
  for (let row = 0; row < rows; row += 2) {
    const at = row << 3;
    const place = sums + at;
    const all = f64x2.add(v128.load(place + 2 * width), v128.load(place));
    const mean = f64x2.mul(all, share);
    const squares = f64x2.add(v128.load(place + 3 * width), v128.load(place + width));
    const rest = f64x2.sub(squares, f64x2.mul(all, mean));
    // Only rounding can make it negative. A comparison with NaN keeps NaN.
    const variance = v128.andnot(f64x2.div(rest, divisor), f64x2.lt(rest, zero));
    if (row + 2 <= rows) {
      v128.store(meanOut + at, f64x2.add(origin, mean));
      v128.store(varianceOut + at, variance);
    } else {
      v128.store_lane<f64>(meanOut + at, f64x2.add(origin, mean), 0);
      v128.store_lane<f64>(varianceOut + at, variance, 0);
    }
  }
}

/** Rows of which `windowMoments` has made NaN, over their defined values. */
function definedMoments(
  scratch: usize,
  x: usize,
  length: i32,
  least: i32,
  less: i32,
  meanOut: usize,
  varianceOut: usize,
  begin: i32,
  end: i32,
  index: i32,
): void {
  const width = (length + 1) << 3;
  const firstFull = begin + max(0, length - 1 - index);
  const needed = <f64>max(least, 1);
  let place = index % length;
  store<f64>(scratch + (length << 3), 0);
  store<f64>(scratch + width + (length << 3), 0);
  store<f64>(scratch + 2 * width + (length << 3), 0);
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    fillDefinedEnds(scratch, x + (block << 3), length, place);
    let count: f64 = 0;
    let mean: f64 = 0;
    let squares: f64 = 0;
    const stop = min(end, block + length);
    for (let j = block; j < stop; j++) {
      const at = j << 3;
      const value = load<f64>(x + at);
      if (value == value) {
        count += 1;
        const off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
      }
      if (j < i) continue;
      const ends = scratch + (++place << 3);
      const known = load<f64>(varianceOut + at);
      if (known == known) continue;
      const before = load<f64>(ends);
      const all = before + count;
      if (all < needed || j < firstFull) {
        store<f64>(meanOut + at, NaN);
        store<f64>(varianceOut + at, NaN);
      } else {
        const apart = load<f64>(ends + width) - mean;
        const share = before / all;
        store<f64>(meanOut + at, mean + apart * share);
        const both = squares + load<f64>(ends + 2 * width) + apart * apart * share * count;
        store<f64>(varianceOut + at, both / (all - <f64>less));
      }
    }
    i = stop;
  }
}

/** Goes backwards over the defined values of the block before an address, down to its place after `place`. */
function fillDefinedEnds(scratch: usize, block: usize, length: i32, place: i32): void {
  const width = (length + 1) << 3;
  let count: f64 = 0;
  let mean: f64 = 0;
  let squares: f64 = 0;
  for (let k = length - 1; k > place; k--) {
    const value = load<f64>(block - ((length - k) << 3));
    if (value == value) {
      count += 1;
      const off = value - mean;
      mean += off / count;
      squares += off * (value - mean);
    }
    const ends = scratch + (k << 3);
    store<f64>(ends, count);
    store<f64>(ends + width, mean);
    store<f64>(ends + 2 * width, squares);
  }
}
