import { nanIf } from './shared/masks';
import { put } from './shared/put';
import { shortHighest, shortLowest } from './shared/short-extremes';

/** Twin of `extremes` in kernels/extremes.ts. */
export function extremes(
  high: usize,
  low: usize,
  highest: usize,
  lowest: usize,
  begin: i32,
  end: i32,
  _index: i32,
  part: i32,
  length: i32,
): void {
  shortHighest(high, part, length, highest, begin, end);
  shortLowest(low, part, length, lowest, begin, end);
}

/** Twin of `donchian` in kernels/extremes.ts. */
export function donchian(
  high: usize,
  low: usize,
  upper: usize,
  middle: usize,
  lower: usize,
  begin: i32,
  end: i32,
  _index: i32,
  part: i32,
  length: i32,
): void {
  shortHighest(high, part, length, upper, begin, end);
  shortLowest(low, part, length, lower, begin, end);
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const value = f64x2.div(f64x2.add(v128.load(upper + at), v128.load(lower + at)), f64x2.splat(2));
    put(middle + at, value, at + 16 > stop);
  }
}

/** Twin of `squaredDrawdown` in kernels/extremes.ts. */
export function squaredDrawdown(x: usize, out: usize, begin: i32, end: i32, _index: i32, length: i32): void {
  shortHighest(x, 1, length, out, begin, end);
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const highest = v128.load(out + at);
    const distance = f64x2.mul(f64x2.splat(100), f64x2.sub(v128.load(x + at), highest));
    const below = nanIf(f64x2.eq(highest, f64x2.splat(0)), f64x2.div(distance, highest));
    const value = f64x2.mul(below, below);
    put(out + at, value, at + 16 > stop);
  }
}
