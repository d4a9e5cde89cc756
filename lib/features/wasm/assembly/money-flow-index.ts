import { nanIf, oneIf, zeroIf } from './shared/masks';
import { put } from './shared/put';
import { windowSums } from './shared/window-sums';

/** Twin of `moneyFlow` in kernels/money-flow-index.ts. */
export function moneyFlow(
  price: usize,
  volume: usize,
  rising: usize,
  falling: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  const zero = f64x2.splat(0);
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const value = v128.load(price + at);
    const change = f64x2.sub(value, v128.load(price + at - 8));
    const flow = nanIf(f64x2.ne(change, change), f64x2.mul(value, v128.load(volume + at)));
    const rose = f64x2.mul(flow, oneIf(f64x2.gt(change, zero)));
    const fell = f64x2.mul(flow, oneIf(f64x2.lt(change, zero)));
    put(rising + at, rose, at + 16 > stop);
    put(falling + at, fell, at + 16 > stop);
  }
}

/** Twin of `mfi` in kernels/money-flow-index.ts. */
export function mfi(
  scratch: usize,
  rising: usize,
  falling: usize,
  out: usize,
  fell: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
): void {
  windowSums(rising, length, out, begin, end, index, scratch);
  windowSums(falling, length, fell, begin, end, index, scratch);
  const stop = (<usize>end) << 3;
  for (let at = (<usize>begin) << 3; at < stop; at += 16) {
    const rose = v128.load(out + at);
    const flow = f64x2.add(rose, v128.load(fell + at));
    const share = f64x2.div(f64x2.mul(f64x2.splat(100), rose), flow);
    const value = zeroIf(f64x2.lt(flow, f64x2.splat(1)), share);
    put(out + at, value, at + 16 > stop);
  }
}
