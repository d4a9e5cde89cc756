import { nanIf, zeroIf } from './shared/masks';
import { put } from './shared/put';
import { eachRow3 } from './shared/rows';

/** Twin of `stochFast` in kernels/stochastic.ts. */
export function stochFast(
  highest: usize,
  lowest: usize,
  x: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  eachRow3<StochFast>(highest, lowest, x, out, begin, end);
}

@unmanaged
class StochFast {
  @inline of(highest: v128, lowest: v128, x: v128): v128 {
    const span = f64x2.sub(highest, lowest);
    const place = f64x2.div(f64x2.mul(f64x2.splat(100), f64x2.sub(x, lowest)), span);
    return zeroIf(f64x2.eq(span, f64x2.splat(0)), place);
  }
}

/** Twin of `willr` in kernels/stochastic.ts. */
export function willr(highest: usize, lowest: usize, x: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<Willr>(highest, lowest, x, out, begin, end);
}

@unmanaged
class Willr {
  @inline of(highest: v128, lowest: v128, x: v128): v128 {
    const span = f64x2.sub(highest, lowest);
    const place = f64x2.div(f64x2.mul(f64x2.splat(-100), f64x2.sub(highest, x)), span);
    return zeroIf(f64x2.eq(span, f64x2.splat(0)), place);
  }
}

/** Twin of `stochSlow` in kernels/stochastic.ts. */
export function stochSlow(
  raw: usize,
  kOut: usize,
  dOut: usize,
  begin: i32,
  end: i32,
  _index: i32,
  slowing: i32,
  smoothing: i32,
): void {
  const divisor = f64x2.splat(smoothing);
  const first = (<usize>begin) << 3;
  const stop = (<usize>end) << 3;
  for (let at = first; at < stop; at += 16) {
    const k = f64x2.div(twoSums(raw + at, slowing), f64x2.splat(slowing));
    put(kOut + at, k, at + 16 > stop);
  }
  // Backwards, since %K is needed by the rows after it before it is left out.
  let i = end - 2;
  for (; i - smoothing + 1 >= begin; i -= 2) {
    const at = (<usize>i) << 3;
    const d = f64x2.div(twoSums(kOut + at, smoothing), divisor);
    v128.store(dOut + at, d);
    v128.store(kOut + at, nanIf(f64x2.ne(d, d), v128.load(kOut + at)));
  }
  for (i += 1; i >= begin; i--) {
    const at = (<usize>i) << 3;
    let sum: f64 = 0;
    for (let m = i - smoothing + 1; m <= i; m++) {
      sum += m < begin ? meanOf(raw + ((<usize>m) << 3), slowing) : load<f64>(kOut + ((<usize>m) << 3));
    }
    const d = sum / <f64>smoothing;
    store<f64>(dOut + at, d);
    if (d != d) store<f64>(kOut + at, NaN);
  }
}

/** Returns the sums of the `length` doubles up to an address, and up to the double after it. */
function twoSums(last: usize, length: i32): v128 {
  let sum = f64x2.splat(0);
  for (let at = last - ((<usize>(length - 1)) << 3); at <= last; at += 8) sum = f64x2.add(sum, v128.load(at));
  return sum;
}

function meanOf(last: usize, length: i32): f64 {
  let sum: f64 = 0;
  for (let at = last - ((<usize>(length - 1)) << 3); at <= last; at += 8) sum += load<f64>(at);
  return sum / <f64>length;
}
