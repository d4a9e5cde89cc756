import { naturalLogs } from './natural-log';

/** Returns the natural logarithms of a ÷ b, both above zero, as `logRatio` in kernels/log-ratio.ts does. */
export function logRatios(a: v128, b: v128): v128 {
  const z = f64x2.div(f64x2.sub(a, b), f64x2.add(a, b));
  const square = f64x2.mul(z, z);
  let series = f64x2.add(f64x2.splat(1 / 7), f64x2.mul(square, f64x2.splat(1 / 9)));
  series = f64x2.add(f64x2.splat(1 / 5), f64x2.mul(square, series));
  series = f64x2.add(f64x2.splat(1 / 3), f64x2.mul(square, series));
  series = f64x2.add(f64x2.splat(1), f64x2.mul(square, series));
  series = f64x2.mul(f64x2.mul(f64x2.splat(2), z), series);
  const near = f64x2.lt(f64x2.abs(z), f64x2.splat(0.02));
  if (i64x2.all_true(near)) return series;
  return v128.bitselect(series, naturalLogs(f64x2.div(a, b)), near);
}
