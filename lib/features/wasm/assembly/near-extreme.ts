import { neighbours } from './shared/neighbours';
import { storeRows } from './shared/store-rows';

/**
 * Twin of `nearTop` (side 1) and `nearBottom` (side −1) in kernels/near-extreme.ts. The extremes backwards over the
 * block before and those forwards over the block of the rows are the two lanes of one vector. Scratch is two arrays of
 * `length` + 1 numbers. `pmax` drops NaN, so a mask keeps it.
 */
export function nearExtreme(
  scratch: usize,
  x: usize,
  close: usize,
  out: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  side: f64,
  margin: f64,
): void {
  const width = (length + 1) << 3;
  const starts = scratch + width;
  const lowest = f64x2.splat(-Infinity);
  const sides = f64x2.splat(side);
  const margins = f64x2.splat(margin);
  const one = f64x2.splat(1);
  store<f64>(scratch + (length << 3), -Infinity);
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const behind = length - 1 - place;
    const ahead = min(end - block, length);
    let furthest = lowest;
    let undefinedSoFar = i64x2.splat(0);
    for (let t = 1, steps = max(behind, ahead); t <= steps; t++) {
      const value = f64x2.mul(neighbours(x + (block << 3), t, behind, ahead), sides);
      furthest = f64x2.pmax(furthest, value);
      undefinedSoFar = v128.or(undefinedSoFar, f64x2.ne(value, value));
      const known = v128.or(furthest, undefinedSoFar);
      v128.store_lane<f64>(scratch + ((length - t) << 3), known, 0);
      v128.store_lane<f64>(starts + (t << 3), known, 1);
    }
    const rows = block + ahead - i;
    for (let row = 0; row < rows; row += 2) {
      const at = (place + 1 + row) << 3;
      const a = v128.load(scratch + at);
      const b = v128.load(starts + at);
      const extreme = f64x2.pmax(a, b);
      const missing = v128.or(f64x2.ne(a, a), f64x2.ne(b, b));
      const last = f64x2.mul(v128.load(close + ((i + row) << 3)), sides);
      const near = v128.and(f64x2.lt(last, extreme), f64x2.ge(last, f64x2.mul(extreme, margins)));
      storeRows(out + (i << 3), row, rows, v128.or(v128.and(near, one), missing));
    }
    i += rows;
  }
}
