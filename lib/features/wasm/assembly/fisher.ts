import { zeroIf } from './shared/masks';
import { naturalLogs } from './shared/natural-log';
import { put } from './shared/put';
import { shortHighest, shortLowest } from './shared/short-extremes';

/** Twin of `fisher` in kernels/fisher.ts. Only what follows from the row before is computed one by one. */
export function fisher(
  state: usize,
  x: usize,
  out: usize,
  lowest: usize,
  begin: i32,
  end: i32,
  _index: i32,
  length: i32,
): void {
  shortHighest(x, 1, length, out, begin, end);
  shortLowest(x, 1, length, lowest, begin, end);
  const first = (<usize>begin) << 3;
  const stop = (<usize>end) << 3;
  for (let at = first; at < stop; at += 16) {
    const least = v128.load(lowest + at);
    const span = f64x2.sub(v128.load(out + at), least);
    const part = f64x2.div(f64x2.sub(v128.load(x + at), least), span);
    const raw = zeroIf(f64x2.eq(span, f64x2.splat(0)), f64x2.sub(part, f64x2.splat(0.5)));
    put(out + at, f64x2.mul(f64x2.splat(0.66), raw), at + 16 > stop);
  }
  let place = load<f64>(state);
  for (let at = first; at < stop; at += 8) {
    const raw = load<f64>(out + at);
    if (raw != raw) continue;
    place = raw + 0.67 * place;
    if (place > 0.99) place = 0.999;
    if (place < -0.99) place = -0.999;
    store<f64>(out + at, place);
  }
  store<f64>(state, place);
  const one = f64x2.splat(1);
  for (let at = first; at < stop; at += 16) {
    const places = v128.load(out + at);
    const logs = naturalLogs(f64x2.div(f64x2.add(one, places), f64x2.sub(one, places)));
    put(out + at, f64x2.mul(f64x2.splat(0.5), logs), at + 16 > stop);
  }
  let transformed = load<f64>(state, 8);
  for (let at = first; at < stop; at += 8) {
    const least = load<f64>(lowest + at);
    if (least != least) continue;
    transformed = load<f64>(out + at) + 0.5 * transformed;
    store<f64>(out + at, transformed);
  }
  store<f64>(state, transformed, 8);
}
