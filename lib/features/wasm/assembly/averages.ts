import { nanIf } from './shared/masks';
import { windowSums } from './shared/window-sums';

/** Twin of `sums` of two inputs in kernels/averages.ts, as are those below of the kernels with their names. */
export function sums(
  scratch: usize,
  a: usize,
  b: usize,
  aOut: usize,
  bOut: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
): void {
  windowSums(a, length, aOut, begin, end, index, scratch);
  windowSums(b, length, bOut, begin, end, index, scratch);
}

export function sumRatio(
  scratch: usize,
  dividend: usize,
  divisor: usize,
  out: usize,
  divisors: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
): void {
  windowSums(dividend, length, out, begin, end, index, scratch);
  windowSums(divisor, length, divisors, begin, end, index, scratch);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    const sum = v128.load(divisors + at);
    v128.store(out + at, nanIf(f64x2.eq(sum, f64x2.splat(0)), f64x2.div(v128.load(out + at), sum)));
  }
  if (at < stop) {
    const sum = load<f64>(divisors + at);
    store<f64>(out + at, sum == 0 ? NaN : load<f64>(out + at) / sum);
  }
}

export function sma(scratch: usize, x: usize, out: usize, begin: i32, end: i32, index: i32, length: i32): void {
  windowSums(x, length, out, begin, end, index, scratch);
  divide(out, begin, end, length);
}

export function rootMean(scratch: usize, x: usize, out: usize, begin: i32, end: i32, index: i32, length: i32): void {
  windowSums(x, length, out, begin, end, index, scratch);
  const divisor = f64x2.splat(length);
  const stop = out + ((<usize>end) << 3);
  let at = out + ((<usize>begin) << 3);
  for (; at + 16 <= stop; at += 16) {
    v128.store(at, f64x2.sqrt(f64x2.max(f64x2.div(v128.load(at), divisor), f64x2.splat(0))));
  }
  if (at < stop) store<f64>(at, sqrt(max(load<f64>(at) / <f64>length, 0)));
}

export function awesomeOscillator(
  scratch: usize,
  x: usize,
  out: usize,
  slowOut: usize,
  begin: i32,
  end: i32,
  index: i32,
  fast: i32,
  slow: i32,
): void {
  windowSums(x, fast, out, begin, end, index, scratch);
  windowSums(x, slow, slowOut, begin, end, index, scratch);
  divide(slowOut, begin, end, slow);
  divide(out, begin, end, fast);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, f64x2.sub(v128.load(out + at), v128.load(slowOut + at)));
  }
  if (at < stop) store<f64>(out + at, load<f64>(out + at) - load<f64>(slowOut + at));
}

export function kst(
  scratch: usize,
  rate1: usize,
  rate2: usize,
  rate3: usize,
  rate4: usize,
  out: usize,
  mean: usize,
  begin: i32,
  end: i32,
  index: i32,
  average: i32,
  last: i32,
): void {
  memory.fill(out + ((<usize>begin) << 3), 0, (<usize>(end - begin)) << 3);
  addMean(scratch, rate1, out, mean, begin, end, index, average, 1);
  addMean(scratch, rate2, out, mean, begin, end, index, average, 2);
  addMean(scratch, rate3, out, mean, begin, end, index, average, 3);
  addMean(scratch, rate4, out, mean, begin, end, index, last, 4);
}

/** Writes the mean of the last `length` values of x, and adds it to `out` with a weight. */
function addMean(
  scratch: usize,
  x: usize,
  out: usize,
  mean: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  weight: f64,
): void {
  windowSums(x, length, mean, begin, end, index, scratch);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    const value = f64x2.div(v128.load(mean + at), f64x2.splat(length));
    v128.store(mean + at, value);
    v128.store(out + at, f64x2.add(v128.load(out + at), f64x2.mul(f64x2.splat(weight), value)));
  }
  if (at < stop) {
    const value = load<f64>(mean + at) / <f64>length;
    store<f64>(mean + at, value);
    store<f64>(out + at, load<f64>(out + at) + weight * value);
  }
}

function divide(out: usize, begin: i32, end: i32, divisor: f64): void {
  const stop = out + ((<usize>end) << 3);
  let at = out + ((<usize>begin) << 3);
  for (; at + 16 <= stop; at += 16) v128.store(at, f64x2.div(v128.load(at), f64x2.splat(divisor)));
  if (at < stop) store<f64>(at, load<f64>(at) / divisor);
}
