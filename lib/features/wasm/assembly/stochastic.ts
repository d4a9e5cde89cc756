import { zeroIf } from './shared/masks';
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
