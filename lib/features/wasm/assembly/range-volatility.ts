import { logRatios } from './shared/log-ratio';
import { nanIf } from './shared/masks';
import { put } from './shared/put';

/** The same numbers as there. */
const PARKINSON: f64 = 1 / (4 * Math.LN2);
const GARMAN_KLASS: f64 = 2 * Math.LN2 - 1;

/** Twin of `rangeVariances` in kernels/range-volatility.ts. */
export function rangeVariances(
  open: usize,
  high: usize,
  low: usize,
  close: usize,
  parkinson: usize,
  garmanKlass: usize,
  rogersSatchell: usize,
  within: usize,
  between: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  const zero = f64x2.splat(0);
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const first = v128.load(open + at);
    const last = v128.load(close + at);
    const before = v128.load(close + at - 8);
    const lowest = v128.load(low + at);
    const lowestBody = v128.and(f64x2.gt(first, zero), f64x2.gt(last, zero));
    const positive = v128.and(lowestBody, f64x2.gt(lowest, zero));
    const unknown = v128.not(positive);
    const u = nanIf(unknown, logRatios(v128.load(high + at), first));
    const d = nanIf(unknown, logRatios(lowest, first));
    const c = nanIf(unknown, logRatios(last, first));
    const change = logRatios(first, before);
    const range = f64x2.sub(u, d);
    const squared = f64x2.mul(range, range);
    const body = f64x2.mul(f64x2.mul(f64x2.splat(GARMAN_KLASS), c), c);
    const upper = f64x2.mul(u, f64x2.sub(u, c));
    const lower = f64x2.mul(d, f64x2.sub(d, c));
    const single = at + 16 > stop;
    put(parkinson + at, f64x2.mul(squared, f64x2.splat(PARKINSON)), single);
    put(garmanKlass + at, f64x2.sub(f64x2.div(squared, f64x2.splat(2)), body), single);
    put(rogersSatchell + at, f64x2.add(upper, lower), single);
    put(within + at, c, single);
    put(between + at, nanIf(v128.not(v128.and(positive, f64x2.gt(before, zero))), change), single);
  }
}

/** Twin of `yangZhang` in kernels/range-volatility.ts. */
export function yangZhang(
  between: usize,
  within: usize,
  rogersSatchell: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
  k: f64,
): void {
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const volatility = v128.load(rogersSatchell + at);
    const two = f64x2.add(v128.load(between + at), f64x2.mul(f64x2.splat(k), v128.load(within + at)));
    const third = f64x2.mul(f64x2.mul(f64x2.splat(1 - k), volatility), volatility);
    put(out + at, f64x2.sqrt(f64x2.add(two, third)), at + 16 > stop);
  }
}
