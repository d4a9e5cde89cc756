import { oneIf, zeroIf } from './shared/masks';
import { put } from './shared/put';
import { eachRow2, eachRow3, eachRow4 } from './shared/rows';

/** Twin of `medianPrice` in kernels/candle-prices.ts, as are those below of the kernels with their names. */
export function medianPrice(high: usize, low: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<MedianPrice>(high, low, out, begin, end);
}

@unmanaged
class MedianPrice {
  @inline of(high: v128, low: v128): v128 {
    return f64x2.div(f64x2.add(high, low), f64x2.splat(2));
  }
}

export function typicalPrice(
  high: usize,
  low: usize,
  close: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  eachRow3<TypicalPrice>(high, low, close, out, begin, end);
}

@unmanaged
class TypicalPrice {
  @inline of(high: v128, low: v128, close: v128): v128 {
    return f64x2.div(f64x2.add(f64x2.add(high, low), close), f64x2.splat(3));
  }
}

export function trueRange(high: usize, low: usize, close: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<TrueRange>(high, low, close - 8, out, begin, end);
}

@unmanaged
class TrueRange {
  @inline of(high: v128, low: v128, before: v128): v128 {
    return f64x2.sub(either(high, before, f64x2.gt(high, before)), either(low, before, f64x2.lt(low, before)));
  }
}

export function buyingPressure(low: usize, close: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow3<BuyingPressure>(low, close, close - 8, out, begin, end);
}

@unmanaged
class BuyingPressure {
  @inline of(low: v128, close: v128, before: v128): v128 {
    return f64x2.sub(close, either(low, before, f64x2.lt(low, before)));
  }
}

export function bop(
  open: usize,
  high: usize,
  low: usize,
  close: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  eachRow4<Bop>(open, high, low, close, out, begin, end);
}

@unmanaged
class Bop {
  @inline of(open: v128, high: v128, low: v128, close: v128): v128 {
    const range = f64x2.sub(high, low);
    return zeroIf(f64x2.lt(range, f64x2.splat(1e-14)), f64x2.div(f64x2.sub(close, open), range));
  }
}

export function candleSize(
  open: usize,
  high: usize,
  low: usize,
  close: usize,
  range: usize,
  body: usize,
  topOut: usize,
  bottomOut: usize,
  upper: usize,
  lower: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const last = at + 16 > stop;
    const opened = v128.load(open + at);
    const closed = v128.load(close + at);
    const highest = v128.load(high + at);
    const lowest = v128.load(low + at);
    const rose = f64x2.ge(closed, opened);
    const top = either(closed, opened, rose);
    const bottom = either(opened, closed, rose);
    put(range + at, f64x2.sub(highest, lowest), last);
    put(body + at, f64x2.sub(top, bottom), last);
    put(topOut + at, top, last);
    put(bottomOut + at, bottom, last);
    put(upper + at, f64x2.sub(highest, top), last);
    put(lower + at, f64x2.sub(bottom, lowest), last);
  }
}

export function candleParts(
  range: usize,
  body: usize,
  upper: usize,
  lower: usize,
  bodyPart: usize,
  upperPart: usize,
  lowerPart: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const last = at + 16 > stop;
    const whole = v128.load(range + at);
    put(bodyPart + at, f64x2.div(v128.load(body + at), whole), last);
    put(upperPart + at, f64x2.div(v128.load(upper + at), whole), last);
    put(lowerPart + at, f64x2.div(v128.load(lower + at), whole), last);
  }
}

/** Returns `a` in the lanes of the mask and `b` in the others; NaN if one of them is. */
function either(a: v128, b: v128, mask: v128): v128 {
  const first = oneIf(mask);
  return f64x2.add(f64x2.mul(a, first), f64x2.mul(b, f64x2.sub(f64x2.splat(1), first)));
}
