import { zeroIf } from './shared/masks';
import { eachRow2 } from './shared/rows';

/** Twin of `rsi` in kernels/rsi.ts. */
export function rsi(gain: usize, loss: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Rsi>(gain, loss, out, begin, end);
}

@unmanaged
class Rsi {
  @inline of(gain: v128, loss: v128): v128 {
    const both = f64x2.add(gain, loss);
    const share = f64x2.mul(f64x2.splat(100), f64x2.div(gain, both));
    return zeroIf(f64x2.le(both, f64x2.splat(1e-14)), share);
  }
}

/** Twin of `cmo` in kernels/rsi.ts. */
export function cmo(gain: usize, loss: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<Cmo>(gain, loss, out, begin, end);
}

@unmanaged
class Cmo {
  @inline of(gain: v128, loss: v128): v128 {
    const both = f64x2.add(gain, loss);
    const share = f64x2.mul(f64x2.splat(100), f64x2.div(f64x2.sub(gain, loss), both));
    return zeroIf(f64x2.le(both, f64x2.splat(1e-14)), share);
  }
}
