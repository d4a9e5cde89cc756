import { put } from './shared/put';

/** Twin of `ultosc` in kernels/ultosc.ts. */
export function ultosc(
  pressures: usize,
  ranges: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
  fast: i32,
  middle: i32,
  slow: i32,
): void {
  const zero = f64x2.splat(0);
  const step = (<usize>fast) << 3;
  const oldest = (<usize>slow) << 3;
  const halfWay = (<usize>middle) << 3;
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    let pressure = v128.load(pressures + at);
    let range = v128.load(ranges + at);
    let share = f64x2.mul(f64x2.splat(4), f64x2.div(pressure, range));
    let sum = v128.andnot(share, f64x2.eq(range, zero));
    let age = step;
    for (; age < halfWay; age += step) {
      pressure = f64x2.add(pressure, v128.load(pressures + at - age));
      range = f64x2.add(range, v128.load(ranges + at - age));
    }
    share = f64x2.mul(f64x2.splat(2), f64x2.div(pressure, range));
    sum = v128.bitselect(sum, f64x2.add(sum, share), f64x2.eq(range, zero));
    for (age = halfWay; age < oldest; age += step) {
      pressure = f64x2.add(pressure, v128.load(pressures + at - age));
      range = f64x2.add(range, v128.load(ranges + at - age));
    }
    sum = v128.bitselect(sum, f64x2.add(sum, f64x2.div(pressure, range)), f64x2.eq(range, zero));
    const value = f64x2.mul(f64x2.splat(100), f64x2.div(sum, f64x2.splat(7)));
    put(out + at, value, at + 16 > stop);
  }
}
