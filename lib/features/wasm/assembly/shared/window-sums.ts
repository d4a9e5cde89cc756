/** Blocks that are summed side by side. */
const SIDE_BY_SIDE = 4;

/**
 * Sums the last `length` values at each row, as `windowSums` in windows/window-sums.ts does. Each lane of two vectors
 * sums one of four blocks, because one sum alone would wait for each of its additions.
 *
 * @param ends scratch of `4 * (length + 1)` doubles
 */
export function windowSums(x: usize, length: i32, out: usize, begin: i32, end: i32, index: i32, ends: usize): void {
  let i = begin;
  const place = index % length;
  if (place > 0) i = oneBlock(x, length, out, i, place, end, ends);
  for (; i + SIDE_BY_SIDE * length <= end; i += SIDE_BY_SIDE * length) {
    fourBlocks(x + ((<usize>i) << 3), length, out + ((<usize>i) << 3), ends);
  }
  while (i < end) i = oneBlock(x, length, out, i, 0, end, ends);
}

/** Sums from a place in one block to its end, or to row `end`. Returns the row after the last one. */
function oneBlock(x: usize, length: i32, out: usize, begin: i32, place: i32, end: i32, ends: usize): i32 {
  const block = x + ((<usize>(begin - place)) << 3);
  const before = block - ((<usize>length) << 3);
  let sum: f64 = 0;
  store<f64>(ends + ((<usize>length) << 3), 0);
  for (let k = length - 1; k > place; k--) {
    sum += load<f64>(before + ((<usize>k) << 3));
    store<f64>(ends + ((<usize>k) << 3), sum);
  }
  let start: f64 = 0;
  for (let k = 0; k < place; k++) start += load<f64>(block + ((<usize>k) << 3));
  const rows = min(end - begin + place, length);
  const outBlock = out + ((<usize>(begin - place)) << 3);
  for (let k = place; k < rows; k++) {
    start += load<f64>(block + ((<usize>k) << 3));
    store<f64>(outBlock + ((<usize>k) << 3), load<f64>(ends + ((<usize>(k + 1)) << 3)) + start);
  }
  return begin + rows - place;
}

/** Sums four whole blocks, of which the first begins at address `block`. */
function fourBlocks(block: usize, length: i32, out: usize, ends: usize): void {
  const size = (<usize>length) << 3;
  let sum = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let end = ends + ((<usize>length) << 5);
  v128.store(end, sum);
  v128.store(end, sum, 16);
  for (let at = block - 8; at > block - size; at -= 8) {
    sum = f64x2.add(sum, apart(at, size));
    sum2 = f64x2.add(sum2, apart(at + (size << 1), size));
    end -= 32;
    v128.store(end, sum);
    v128.store(end, sum2, 16);
  }
  sum = f64x2.splat(0);
  sum2 = f64x2.splat(0);
  const stop = block + size;
  for (let at = block; at < stop; at += 8) {
    sum = f64x2.add(sum, apart(at, size));
    sum2 = f64x2.add(sum2, apart(at + (size << 1), size));
    storeApart(out, size, f64x2.add(v128.load(end), sum));
    storeApart(out + (size << 1), size, f64x2.add(v128.load(end, 16), sum2));
    end += 32;
    out += 8;
  }
}

/** Returns the doubles at two addresses, which are `bytes` apart. */
function apart(at: usize, bytes: usize): v128 {
  return v128.load64_lane(at + bytes, v128.load64_zero(at), 1);
}

function storeApart(at: usize, bytes: usize, values: v128): void {
  v128.store64_lane(at, values, 0);
  v128.store64_lane(at + bytes, values, 1);
}
