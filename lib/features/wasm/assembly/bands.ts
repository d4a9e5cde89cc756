import { nanIf } from './shared/masks';

/** Twin of `envelope` in kernels/bands.ts. */
export function envelope(
  x: usize,
  width: usize,
  upper: usize,
  middle: usize,
  lower: usize,
  begin: i32,
  end: i32,
  _index: i32,
  widths: f64,
): void {
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    const value = v128.load(x + at);
    const half = f64x2.mul(f64x2.splat(widths), v128.load(width + at));
    v128.store(upper + at, f64x2.add(value, half));
    v128.store(middle + at, nanIf(f64x2.ne(half, half), value));
    v128.store(lower + at, f64x2.sub(value, half));
  }
  if (at < stop) {
    const value = load<f64>(x + at);
    const half = widths * load<f64>(width + at);
    store<f64>(upper + at, value + half);
    store<f64>(middle + at, half != half ? NaN : value);
    store<f64>(lower + at, value - half);
  }
}

/** Twin of `bandPlace` in kernels/bands.ts. */
export function bandPlace(
  x: usize,
  upper: usize,
  middle: usize,
  lower: usize,
  widthOut: usize,
  percentOut: usize,
  begin: i32,
  end: i32,
  _index: i32,
): void {
  const zero = f64x2.splat(0);
  const stop = (<usize>end) << 3;
  let at = (<usize>begin) << 3;
  for (; at + 16 <= stop; at += 16) {
    const lowest = v128.load(lower + at);
    const centre = v128.load(middle + at);
    const span = f64x2.sub(v128.load(upper + at), lowest);
    const place = f64x2.div(f64x2.sub(v128.load(x + at), lowest), span);
    v128.store(widthOut + at, nanIf(f64x2.eq(centre, zero), f64x2.div(span, centre)));
    v128.store(percentOut + at, nanIf(f64x2.eq(span, zero), place));
  }
  if (at < stop) {
    const lowest = load<f64>(lower + at);
    const centre = load<f64>(middle + at);
    const span = load<f64>(upper + at) - lowest;
    store<f64>(widthOut + at, centre == 0 ? NaN : span / centre);
    store<f64>(percentOut + at, span == 0 ? NaN : (load<f64>(x + at) - lowest) / span);
  }
}
