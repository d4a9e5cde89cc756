import { put } from './put';

/**
 * Writes the highest of the last `length` values at each row, from those of the last `part` values, as `shortExtremes`
 * in windows/short-extremes.ts does. A vector has two rows. Of 0 and −0 it takes either.
 */
export function shortHighest(x: usize, part: i32, length: i32, out: usize, begin: i32, end: i32): void {
  const step = (<usize>part) << 3;
  const oldest = (<usize>(length - part)) << 3;
  const stop = (<usize>end) << 3;
  const known = allDefined(x + ((<usize>begin) << 3) - oldest, x + stop);
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const row = x + at;
    let most = v128.load(row);
    if (known) {
      most = f64x2.pmax(most, v128.load(row - oldest));
      for (let age = step; age < oldest; age += step) most = f64x2.pmax(most, v128.load(row - age));
    } else {
      most = f64x2.max(most, v128.load(row - oldest));
      for (let age = step; age < oldest; age += step) most = f64x2.max(most, v128.load(row - age));
    }
    put(out + at, most, at + 16 > stop);
  }
}

/** The same for the lowest. */
export function shortLowest(x: usize, part: i32, length: i32, out: usize, begin: i32, end: i32): void {
  const step = (<usize>part) << 3;
  const oldest = (<usize>(length - part)) << 3;
  const stop = (<usize>end) << 3;
  const known = allDefined(x + ((<usize>begin) << 3) - oldest, x + stop);
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const row = x + at;
    let least = v128.load(row);
    if (known) {
      least = f64x2.pmin(least, v128.load(row - oldest));
      for (let age = step; age < oldest; age += step) least = f64x2.pmin(least, v128.load(row - age));
    } else {
      least = f64x2.min(least, v128.load(row - oldest));
      for (let age = step; age < oldest; age += step) least = f64x2.min(least, v128.load(row - age));
    }
    put(out + at, least, at + 16 > stop);
  }
}

/** Returns true if no double between two addresses is NaN. `pmax` and `pmin` would lose it. */
function allDefined(from: usize, to: usize): bool {
  let missing = f64x2.splat(0);
  for (; from + 16 <= to; from += 16) {
    const values = v128.load(from);
    missing = v128.or(missing, f64x2.ne(values, values));
  }
  if (v128.any_true(missing)) return false;
  if (from == to) return true;
  const last = load<f64>(from);
  return last == last;
}
