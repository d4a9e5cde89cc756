import { neighbours } from './neighbours';
import { storeRows } from './store-rows';

/**
 * Twin of `windowAutocovariance` in windows/window-autocovariance.ts. The sums backwards over the block before and
 * those forwards over the block of the rows are the two lanes of one vector. Scratch is six arrays of `length` + 1
 * numbers.
 */
export function windowAutocovariance(
  inverse: usize,
  scratch: usize,
  x: usize,
  length: i32,
  squaresOut: usize,
  productsOut: usize,
  begin: i32,
  end: i32,
  index: i32,
): void {
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const ahead = min(end - block, length);
    const middle = x + (block << 3);
    fill(inverse, scratch, middle, length, length - 1 - place, ahead);
    const rows = block + ahead - i;
    join(inverse, scratch, middle, place + 1, length, squaresOut + (i << 3), productsOut + (i << 3), rows);
    i += rows;
  }
}

/** Writes mean, squares and products of the ends and then of the starts. */
function fill(inverse: usize, scratch: usize, middle: usize, length: i32, behind: i32, ahead: i32): void {
  const width = (length + 1) << 3;
  // The last value of the block before, and the first of this one.
  const edges = v128.load(middle - 8);
  let before = f64x2.splat(0);
  let mean = before;
  let squares = before;
  let products = before;
  for (let t = 1, steps = max(behind, ahead); t <= steps; t++) {
    const value = neighbours(middle, t, behind, ahead);
    const off = f64x2.sub(value, mean);
    const next = f64x2.add(mean, f64x2.mul(off, v128.load_splat<f64>(inverse + (t << 3))));
    if (t > 1) {
      const move = f64x2.sub(mean, next);
      // Backwards the first of the run is the value before, and the last is the edge; forwards the other way round.
      const first = f64x2.sub(v128.shuffle<f64>(before, edges, 0, 3), mean);
      const last = f64x2.sub(v128.shuffle<f64>(edges, before, 0, 3), mean);
      const moves = f64x2.mul(f64x2.splat(<f64>(t - 2)), move);
      products = f64x2.add(products, f64x2.mul(move, f64x2.sub(f64x2.sub(moves, first), last)));
      products = f64x2.add(products, f64x2.mul(f64x2.sub(value, next), f64x2.sub(before, next)));
    }
    squares = f64x2.add(squares, f64x2.mul(off, f64x2.sub(value, next)));
    mean = next;
    before = value;
    const ends = scratch + ((length - t) << 3);
    v128.store_lane<f64>(ends, mean, 0);
    v128.store_lane<f64>(ends + width, squares, 0);
    v128.store_lane<f64>(ends + 2 * width, products, 0);
    const starts = scratch + 3 * width + (t << 3);
    v128.store_lane<f64>(starts, mean, 1);
    v128.store_lane<f64>(starts + width, squares, 1);
    v128.store_lane<f64>(starts + 2 * width, products, 1);
  }
}

/** Joins end and start of the windows, two rows at a time. `place` is that of the first row in its block. */
function join(
  inverse: usize,
  scratch: usize,
  middle: usize,
  place: i32,
  length: i32,
  squaresOut: usize,
  productsOut: usize,
  rows: i32,
): void {
  const width = (length + 1) << 3;
  const n = f64x2.splat(<f64>length);
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const share = v128.load_splat<f64>(inverse + (length << 3));
  const lastBefore = v128.load_splat<f64>(middle - 8);
  const first = v128.load_splat<f64>(middle);
  for (let row = 0; row < rows; row += 2) {
    const ends = scratch + ((place + row) << 3);
    const starts = ends + 3 * width;
    const value = v128.load(middle + ((place + row - 1) << 3));
    const oldest = v128.load(middle + ((place + row - length) << 3));
    const count = f64x2.add(f64x2.splat(<f64>(place + row)), f64x2(0, 1));
    const before = f64x2.sub(n, count);
    const mean = v128.load(starts);
    const squares = v128.load(starts + width);
    const products = v128.load(starts + 2 * width);
    const otherMean = v128.load(ends);
    const apart = f64x2.sub(otherMean, mean);
    const centre = f64x2.add(mean, f64x2.mul(f64x2.mul(apart, before), share));
    const move = f64x2.sub(mean, centre);
    const otherMove = f64x2.sub(otherMean, centre);
    const spread = f64x2.mul(f64x2.mul(f64x2.mul(f64x2.mul(apart, apart), before), count), share);
    const allSquares = f64x2.add(f64x2.add(squares, v128.load(ends + width)), spread);
    const run = f64x2.sub(f64x2.mul(f64x2.sub(count, one), move), f64x2.sub(first, mean));
    const moved = f64x2.mul(move, f64x2.sub(run, f64x2.sub(value, mean)));
    const otherRun = f64x2.sub(f64x2.mul(f64x2.sub(before, one), otherMove), f64x2.sub(oldest, otherMean));
    const otherMoved = f64x2.mul(otherMove, f64x2.sub(otherRun, f64x2.sub(lastBefore, otherMean)));
    const bridge = f64x2.mul(f64x2.sub(lastBefore, centre), f64x2.sub(first, centre));
    const both = f64x2.add(f64x2.add(products, moved), v128.load(ends + 2 * width));
    const allProducts = f64x2.add(f64x2.add(both, otherMoved), bridge);
    // The window that is the block alone has no end of another.
    const alone = f64x2.eq(before, zero);
    storeRows(squaresOut, row, rows, v128.bitselect(squares, allSquares, alone));
    storeRows(productsOut, row, rows, v128.bitselect(products, allProducts, alone));
  }
}
