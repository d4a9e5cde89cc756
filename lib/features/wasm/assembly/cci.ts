/**
 * Twin of `cci` in kernels/cci.ts. A vector has two rows, and each of the four sums of a row is one vector.
 */
export function cci(price: usize, out: usize, begin: i32, end: i32, _index: i32, length: i32): void {
  const n = <f64>length;
  let i = begin;
  for (; i + 2 <= end; i += 2) v128.store(out + (i << 3), ofTwoRows(price + (i << 3), length, n));
  if (i < end) v128.store_lane<f64>(out + (i << 3), ofTwoRows(price + (i << 3), length, n), 0);
}

/** Returns the index of the row at this address and of the row after it. */
function ofTwoRows(row: usize, length: i32, n: f64): v128 {
  const latest = v128.load(row);
  const divisor = f64x2.splat(n);
  const zero = f64x2.splat(0);
  let sum = zero;
  let sum1 = zero;
  let sum2 = zero;
  let sum3 = zero;
  const first = row - ((length - 1) << 3);
  let values = first;
  for (; values + 32 <= row; values += 32) {
    sum = f64x2.add(sum, f64x2.sub(v128.load(values), latest));
    sum1 = f64x2.add(sum1, f64x2.sub(v128.load(values, 8), latest));
    sum2 = f64x2.add(sum2, f64x2.sub(v128.load(values, 16), latest));
    sum3 = f64x2.add(sum3, f64x2.sub(v128.load(values, 24), latest));
  }
  for (; values < row; values += 8) sum = f64x2.add(sum, f64x2.sub(v128.load(values), latest));
  const mean = f64x2.div(f64x2.add(f64x2.add(sum, sum1), f64x2.add(sum2, sum3)), divisor);
  const centre = f64x2.add(latest, mean);
  let deviation = f64x2.abs(mean);
  sum1 = zero;
  sum2 = zero;
  sum3 = zero;
  for (values = first; values + 32 <= row; values += 32) {
    deviation = f64x2.add(deviation, f64x2.abs(f64x2.sub(v128.load(values), centre)));
    sum1 = f64x2.add(sum1, f64x2.abs(f64x2.sub(v128.load(values, 8), centre)));
    sum2 = f64x2.add(sum2, f64x2.abs(f64x2.sub(v128.load(values, 16), centre)));
    sum3 = f64x2.add(sum3, f64x2.abs(f64x2.sub(v128.load(values, 24), centre)));
  }
  for (; values < row; values += 8) {
    deviation = f64x2.add(deviation, f64x2.abs(f64x2.sub(v128.load(values), centre)));
  }
  deviation = f64x2.add(deviation, f64x2.add(sum1, f64x2.add(sum2, sum3)));
  const index = f64x2.div(f64x2.neg(mean), f64x2.div(f64x2.mul(f64x2.splat(0.015), deviation), divisor));
  return v128.andnot(index, f64x2.eq(deviation, zero));
}
