import { logRatios } from './shared/log-ratio';
import { nanIf, zeroIf } from './shared/masks';
import { eachRow2 } from './shared/rows';

/** Twin of `lagged` in kernels/changes.ts, as are those below of the kernels with their names. */
export function lagged(x: usize, out: usize, begin: i32, end: i32, _index: i32, lag: i32): void {
  memory.copy(out + ((<usize>begin) << 3), x + ((<usize>(begin - lag)) << 3), (<usize>(end - begin)) << 3);
}

export function momentum(x: usize, out: usize, begin: i32, end: i32, _index: i32, length: i32): void {
  eachRow2<Momentum>(x, x - ((<usize>length) << 3), out, begin, end);
}

@unmanaged
class Momentum {
  @inline of(x: v128, before: v128): v128 {
    return f64x2.sub(x, before);
  }
}

export function move(x: usize, changeOut: usize, sizeOut: usize, begin: i32, end: i32, _index: i32): void {
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    const change = f64x2.sub(v128.load(x + at), v128.load(x + at - 8));
    v128.store(changeOut + at, change);
    v128.store(sizeOut + at, f64x2.abs(change));
  }
  if (at < stop) {
    const change = load<f64>(x + at) - load<f64>(x + at - 8);
    store<f64>(changeOut + at, change);
    store<f64>(sizeOut + at, abs(change));
  }
}

export function roc(x: usize, out: usize, begin: i32, end: i32, _index: i32, length: i32): void {
  eachRow2<Roc>(x, x - ((<usize>length) << 3), out, begin, end);
}

@unmanaged
class Roc {
  @inline of(x: v128, before: v128): v128 {
    const change = f64x2.mul(f64x2.sub(f64x2.div(x, before), f64x2.splat(1)), f64x2.splat(100));
    return zeroIf(f64x2.eq(before, f64x2.splat(0)), change);
  }
}

export function relativeChange(x: usize, base: usize, out: usize, begin: i32, end: i32, _index: i32, lag: i32): void {
  eachRow2<RelativeChange>(x, base - ((<usize>lag) << 3), out, begin, end);
}

@unmanaged
class RelativeChange {
  @inline of(x: v128, before: v128): v128 {
    const change = f64x2.sub(f64x2.div(x, before), f64x2.splat(1));
    return nanIf(f64x2.eq(before, f64x2.splat(0)), change);
  }
}

export function percentChange(x: usize, out: usize, begin: i32, end: i32, _index: i32): void {
  eachRow2<PercentChange>(x, x - 8, out, begin, end);
}

/** Rounds a double if it is added and taken away, as there. */
const ROUNDING: f64 = 6755399441055744;

@unmanaged
class PercentChange {
  @inline of(x: v128, before: v128): v128 {
    const hundred = f64x2.splat(100);
    const rounding = f64x2.splat(ROUNDING);
    const change = f64x2.sub(f64x2.div(x, before), f64x2.splat(1));
    const hundredths = f64x2.mul(f64x2.mul(change, hundred), hundred);
    const rounded = f64x2.sub(f64x2.add(hundredths, rounding), rounding);
    return nanIf(f64x2.eq(before, f64x2.splat(0)), f64x2.div(rounded, hundred));
  }
}

export function logChange(x: usize, out: usize, begin: i32, end: i32, _index: i32, lag: i32): void {
  eachRow2<LogChange>(x, x - ((<usize>lag) << 3), out, begin, end);
}

@unmanaged
class LogChange {
  @inline of(x: v128, before: v128): v128 {
    const zero = f64x2.splat(0);
    const positive = v128.and(f64x2.gt(before, zero), f64x2.gt(x, zero));
    return nanIf(v128.not(positive), logRatios(x, before));
  }
}
