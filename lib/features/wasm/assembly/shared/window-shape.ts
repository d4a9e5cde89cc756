import { neighbours } from './neighbours';
import { storeRows } from './store-rows';

/**
 * Twin of `windowShape` in windows/window-shape.ts. The sums backwards over the block before and those forwards over
 * the block of the rows are the two lanes of one vector. Scratch is eight arrays of `length` + 1 numbers.
 */
export function windowShape(
  inverse: usize,
  scratch: usize,
  x: usize,
  length: i32,
  squaresOut: usize,
  cubesOut: usize,
  fourthsOut: usize,
  begin: i32,
  end: i32,
  index: i32,
): void {
  const width = (length + 1) << 3;
  for (let k = 0; k < 4; k++) store<f64>(scratch + k * width + (length << 3), 0);
  let place = index % length;
  for (let i = begin; i < end; place = 0) {
    const block = i - place;
    const behind = length - 1 - place;
    const ahead = min(end - block, length);
    fill(inverse, scratch, x + (block << 3), length, behind, ahead);
    const rows = block + ahead - i;
    const at = i << 3;
    join(inverse, scratch, place + 1, length, squaresOut + at, cubesOut + at, fourthsOut + at, rows);
    i += rows;
  }
}

/** Writes mean, squares, cubes and fourths of the ends and then of the starts. */
function fill(inverse: usize, scratch: usize, middle: usize, length: i32, behind: i32, ahead: i32): void {
  const width = (length + 1) << 3;
  const one = f64x2.splat(1);
  const two = f64x2.splat(2);
  const three = f64x2.splat(3);
  const four = f64x2.splat(4);
  const six = f64x2.splat(6);
  let count = f64x2.splat(0);
  let mean = count;
  let squares = count;
  let cubes = count;
  let fourths = count;
  for (let t = 1, steps = max(behind, ahead); t <= steps; t++) {
    const off = f64x2.sub(neighbours(middle, t, behind, ahead), mean);
    count = f64x2.add(count, one);
    const share = f64x2.mul(off, v128.load_splat<f64>(inverse + (t << 3)));
    const part = f64x2.mul(share, share);
    const term = f64x2.mul(f64x2.mul(off, share), f64x2.sub(count, one));
    const shape = f64x2.add(f64x2.sub(f64x2.mul(count, count), f64x2.mul(three, count)), three);
    // The order of the operations is that of the kernel.
    const first = f64x2.mul(f64x2.mul(term, part), shape);
    const second = f64x2.mul(f64x2.mul(six, part), squares);
    const third = f64x2.mul(f64x2.mul(four, share), cubes);
    fourths = f64x2.add(fourths, f64x2.sub(f64x2.add(first, second), third));
    const skewed = f64x2.mul(f64x2.mul(term, share), f64x2.sub(count, two));
    cubes = f64x2.add(cubes, f64x2.sub(skewed, f64x2.mul(f64x2.mul(three, share), squares)));
    squares = f64x2.add(squares, term);
    mean = f64x2.add(mean, share);
    const ends = scratch + ((length - t) << 3);
    v128.store_lane<f64>(ends, mean, 0);
    v128.store_lane<f64>(ends + width, squares, 0);
    v128.store_lane<f64>(ends + 2 * width, cubes, 0);
    v128.store_lane<f64>(ends + 3 * width, fourths, 0);
    const starts = scratch + 4 * width + (t << 3);
    v128.store_lane<f64>(starts, mean, 1);
    v128.store_lane<f64>(starts + width, squares, 1);
    v128.store_lane<f64>(starts + 2 * width, cubes, 1);
    v128.store_lane<f64>(starts + 3 * width, fourths, 1);
  }
}

/** Joins end and start of the windows, two rows at a time. `first` is the place of the first row in its block. */
function join(
  inverse: usize,
  scratch: usize,
  first: i32,
  length: i32,
  squaresOut: usize,
  cubesOut: usize,
  fourthsOut: usize,
  rows: i32,
): void {
  const width = (length + 1) << 3;
  const shareOfOne = v128.load_splat<f64>(inverse + (length << 3));
  const n = f64x2.splat(<f64>length);
  const three = f64x2.splat(3);
  const six = f64x2.splat(6);
  const four = f64x2.splat(4);
  for (let row = 0; row < rows; row += 2) {
    const ends = scratch + ((first + row) << 3);
    const starts = ends + 4 * width;
    const endSquares = v128.load(ends + width);
    const endCubes = v128.load(ends + 2 * width);
    const squares = v128.load(starts + width);
    const cubes = v128.load(starts + 2 * width);
    const count = f64x2.add(f64x2.splat(<f64>(first + row)), f64x2(0, 1));
    const before = f64x2.sub(n, count);
    const apart = f64x2.sub(v128.load(starts), v128.load(ends));
    const a = f64x2.mul(before, shareOfOne);
    const b = f64x2.mul(count, shareOfOne);
    const both = f64x2.mul(f64x2.mul(f64x2.mul(apart, apart), before), b);
    const newSquares = f64x2.add(f64x2.add(squares, endSquares), both);
    const tilt = f64x2.mul(f64x2.mul(both, apart), f64x2.sub(a, b));
    const mixed = f64x2.sub(f64x2.mul(a, squares), f64x2.mul(b, endSquares));
    const threeMixed = f64x2.mul(f64x2.mul(three, apart), mixed);
    const newCubes = f64x2.add(f64x2.add(f64x2.add(cubes, endCubes), tilt), threeMixed);
    const aa = f64x2.mul(a, a);
    const bb = f64x2.mul(b, b);
    const middle = f64x2.add(f64x2.sub(aa, f64x2.mul(a, b)), bb);
    const wide = f64x2.mul(f64x2.mul(f64x2.mul(both, apart), apart), middle);
    const spread = f64x2.add(f64x2.mul(aa, squares), f64x2.mul(bb, endSquares));
    const sixSpread = f64x2.mul(f64x2.mul(f64x2.mul(six, apart), apart), spread);
    const turned = f64x2.sub(f64x2.mul(a, cubes), f64x2.mul(b, endCubes));
    const fourths = f64x2.add(v128.load(starts + 3 * width), v128.load(ends + 3 * width));
    const fourTurned = f64x2.mul(f64x2.mul(four, apart), turned);
    const newFourths = f64x2.add(f64x2.add(f64x2.add(fourths, wide), sixSpread), fourTurned);
    storeRows(squaresOut, row, rows, newSquares);
    storeRows(cubesOut, row, rows, newCubes);
    storeRows(fourthsOut, row, rows, newFourths);
  }
}
