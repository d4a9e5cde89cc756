import { storeRows } from './shared/store-rows';
import { windowAutocovariance } from './shared/window-autocovariance';
import { windowShape } from './shared/window-shape';

/** Twin of `skewKurtosis` in kernels/return-statistics.ts. */
export function skewKurtosis(
  inverse: usize,
  scratch: usize,
  x: usize,
  skew: usize,
  kurtosis: usize,
  squares: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: f64,
  skewFactor: f64,
  kurtosisFactor: f64,
  normal: f64,
): void {
  windowShape(inverse, scratch, x, length, squares, skew, kurtosis, begin, end, index);
  const nothing = f64x2.splat(NaN);
  for (let i = begin; i < end; i += 2) {
    const sum = v128.load(squares + (i << 3));
    const known = f64x2.gt(sum, f64x2.splat(least));
    const cubes = f64x2.mul(f64x2.splat(skewFactor), v128.load(skew + (i << 3)));
    const skewed = f64x2.div(cubes, f64x2.mul(sum, f64x2.sqrt(sum)));
    const fourths = f64x2.mul(f64x2.splat(kurtosisFactor), v128.load(kurtosis + (i << 3)));
    const peaked = f64x2.sub(f64x2.div(fourths, f64x2.mul(sum, sum)), f64x2.splat(normal));
    storeRows(skew, i, end, v128.bitselect(skewed, nothing, known));
    storeRows(kurtosis, i, end, v128.bitselect(peaked, nothing, known));
  }
}

/** Twin of `autocorrelation` in kernels/return-statistics.ts. */
export function autocorrelation(
  inverse: usize,
  scratch: usize,
  x: usize,
  out: usize,
  squares: usize,
  begin: i32,
  end: i32,
  index: i32,
  length: i32,
  least: f64,
): void {
  windowAutocovariance(inverse, scratch, x, length, squares, out, begin, end, index);
  const nothing = f64x2.splat(NaN);
  for (let i = begin; i < end; i += 2) {
    const sum = v128.load(squares + (i << 3));
    const correlation = f64x2.div(v128.load(out + (i << 3)), sum);
    storeRows(out, i, end, v128.bitselect(correlation, nothing, f64x2.gt(sum, f64x2.splat(least))));
  }
}
