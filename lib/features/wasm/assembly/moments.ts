import { windowMoments } from './shared/window-moments';

/** Twin of `variance` in kernels/moments.ts. */
export function variance(
  scratch: usize,
  x: usize,
  out: usize,
  mean: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: i32,
  less: i32,
): void {
  windowMoments(scratch, x, length, least, less, mean, out, begin, end, index);
}

/** Twin of `deviation` and `dayDeviation` in kernels/moments.ts. */
export function deviation(
  scratch: usize,
  x: usize,
  out: usize,
  mean: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: i32,
  less: i32,
): void {
  windowMoments(scratch, x, length, least, less, mean, out, begin, end, index);
  takeRoots(out, begin, end);
}

/** Twin of `dayMoments` in kernels/moments.ts. */
export function dayMoments(
  scratch: usize,
  x: usize,
  mean: usize,
  out: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: i32,
): void {
  windowMoments(scratch, x, length, least, 1, mean, out, begin, end, index);
  takeRoots(out, begin, end);
}

/** Twin of `definedMean` in kernels/moments.ts. */
export function definedMean(
  scratch: usize,
  x: usize,
  mean: usize,
  out: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: i32,
  first: i32,
): void {
  windowMoments(scratch, x, length, least, 1, mean, out, begin, end, index);
  const full = min(end, begin + max(0, first + length - 1 - index));
  for (let i = begin; i < full; i++) {
    store<f64>(mean + (i << 3), NaN);
    store<f64>(out + (i << 3), NaN);
  }
}

function takeRoots(x: usize, begin: i32, end: i32): void {
  let value = x + (begin << 3);
  const last = x + (end << 3);
  for (; value + 16 <= last; value += 16) v128.store(value, f64x2.sqrt(v128.load(value)));
  if (value < last) store<f64>(value, Math.sqrt(load<f64>(value)));
}
