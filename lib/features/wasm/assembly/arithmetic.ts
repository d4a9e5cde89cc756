import { nanIf, zeroIf } from './shared/masks';
import { naturalLogs } from './shared/natural-log';
import { eachRow1, eachRow2, eachRow3 } from './shared/rows';

/** Twin of `product` in kernels/arithmetic.ts, as are those below of the kernels with their names. */
export function product(a: usize, b: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Product>(a, b, out, begin, end);
}

@unmanaged
class Product {
  @inline of(a: v128, b: v128): v128 {
    return f64x2.mul(a, b);
  }
}

export function ratio(dividend: usize, divisor: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Ratio>(dividend, divisor, out, begin, end);
}

@unmanaged
class Ratio {
  @inline of(dividend: v128, divisor: v128): v128 {
    return nanIf(f64x2.eq(divisor, f64x2.splat(0)), f64x2.div(dividend, divisor));
  }
}

export function percentOf(part: usize, whole: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<PercentOf>(part, whole, out, begin, end);
}

@unmanaged
class PercentOf {
  @inline of(part: v128, whole: v128): v128 {
    const percent = f64x2.mul(f64x2.div(part, whole), f64x2.splat(100));
    return zeroIf(f64x2.eq(whole, f64x2.splat(0)), percent);
  }
}

export function ppo(fast: usize, slow: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Ppo>(fast, slow, out, begin, end);
}

@unmanaged
class Ppo {
  @inline of(fast: v128, slow: v128): v128 {
    const percent = f64x2.mul(f64x2.div(f64x2.sub(fast, slow), slow), f64x2.splat(100));
    return zeroIf(f64x2.eq(slow, f64x2.splat(0)), percent);
  }
}

export function tsi(change: usize, size: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Tsi>(change, size, out, begin, end);
}

@unmanaged
class Tsi {
  @inline of(change: v128, size: v128): v128 {
    const strength = f64x2.div(f64x2.mul(f64x2.splat(100), change), size);
    return nanIf(f64x2.eq(size, f64x2.splat(0)), strength);
  }
}

export function twiceLess(fast: usize, slow: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<TwiceLess>(fast, slow, out, begin, end);
}

@unmanaged
class TwiceLess {
  @inline of(fast: v128, slow: v128): v128 {
    return f64x2.sub(f64x2.mul(f64x2.splat(2), fast), slow);
  }
}

export function tema(once: usize, twice: usize, thrice: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<Tema>(once, twice, thrice, out, begin, end);
}

@unmanaged
class Tema {
  @inline of(once: v128, twice: v128, thrice: v128): v128 {
    return f64x2.add(f64x2.mul(f64x2.splat(3), f64x2.sub(once, twice)), thrice);
  }
}

export function zscore(x: usize, mean: usize, deviation: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<Zscore>(x, mean, deviation, out, begin, end);
}

@unmanaged
class Zscore {
  @inline of(x: v128, mean: v128, deviation: v128): v128 {
    return nanIf(f64x2.eq(deviation, f64x2.splat(0)), f64x2.div(f64x2.sub(x, mean), deviation));
  }
}

export function squareRoot(x: usize, out: usize, begin: i32, end: i32, _index: i32, factor: f64): void {
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    v128.store(out + at, f64x2.sqrt(f64x2.mul(v128.load(x + at), f64x2.splat(factor))));
  }
  if (at < stop) store<f64>(out + at, sqrt(load<f64>(x + at) * factor));
}

export function naturalLog(x: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow1<NaturalLog>(x, out, begin, end);
}

@unmanaged
class NaturalLog {
  @inline of(x: v128): v128 {
    return nanIf(v128.not(f64x2.gt(x, f64x2.splat(0))), naturalLogs(x));
  }
}
