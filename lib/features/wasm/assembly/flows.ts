import { nanIf, oneIf } from './shared/masks';
import { eachRow2, eachRow3, eachRow4, eachRow5 } from './shared/rows';

/** Twin of `signedVolume` in kernels/flows.ts, as are those below of the kernels with their names. */
export function signedVolume(close: usize, volume: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<SignedVolume>(close, close - 8, volume, out, begin, end);
}

@unmanaged
class SignedVolume {
  @inline of(close: v128, before: v128, volume: v128): v128 {
    const zero = f64x2.splat(0);
    const change = f64x2.sub(close, before);
    const rose = oneIf(v128.not(f64x2.le(change, zero)));
    return f64x2.mul(volume, f64x2.sub(rose, oneIf(f64x2.lt(change, zero))));
  }
}

export function flowVolume(
  high: usize,
  low: usize,
  close: usize,
  volume: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  eachRow4<FlowVolume>(high, low, close, volume, out, begin, end);
}

@unmanaged
class FlowVolume {
  @inline of(high: v128, low: v128, close: v128, volume: v128): v128 {
    const range = f64x2.sub(high, low);
    const place = f64x2.sub(f64x2.sub(close, low), f64x2.sub(high, close));
    const flow = f64x2.mul(f64x2.div(place, range), volume);
    return v128.and(flow, f64x2.gt(range, f64x2.splat(0)));
  }
}

export function easeOfMovement(
  high: usize,
  low: usize,
  volume: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  eachRow5<EaseOfMovement>(high, high - 8, low, low - 8, volume, out, begin, end);
}

/** Unit of volume, as there. */
const VOLUME_UNIT: f64 = 1e8;

@unmanaged
class EaseOfMovement {
  @inline of(high: v128, highBefore: v128, low: v128, lowBefore: v128, volume: v128): v128 {
    const zero = f64x2.splat(0);
    const sum = f64x2.add(f64x2.sub(high, highBefore), f64x2.sub(low, lowBefore));
    const moved = f64x2.div(sum, f64x2.splat(2));
    const units = f64x2.div(volume, f64x2.splat(VOLUME_UNIT));
    const ease = f64x2.div(f64x2.mul(moved, f64x2.sub(high, low)), units);
    return v128.bitselect(f64x2.mul(moved, zero), ease, f64x2.eq(volume, zero));
  }
}

export function priceImpact(change: usize, volume: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<PriceImpact>(change, volume, out, begin, end);
}

@unmanaged
class PriceImpact {
  @inline of(change: v128, volume: v128): v128 {
    const traded = f64x2.gt(volume, f64x2.splat(0));
    return nanIf(v128.not(traded), f64x2.div(f64x2.abs(change), volume));
  }
}
