/** Rows that are summed side by side: their sums do not wait for each other. */
const ROWS = 12;

/** Twin of `fractionalDifference` in kernels/fractional-difference.ts. Each row is summed in the order of its lags. */
export function fractionalDifference(
  weights: usize,
  x: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
  length: i32,
): void {
  let i = begin;
  for (; i + ROWS <= end; i += ROWS) {
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let values = x + (i << 3);
    for (let weight = weights, last = weights + (length << 3); weight < last; weight += 8, values -= 8) {
      const w = v128.load_splat<f64>(weight);
      a = f64x2.add(a, f64x2.mul(w, v128.load(values)));
      b = f64x2.add(b, f64x2.mul(w, v128.load(values, 16)));
      c = f64x2.add(c, f64x2.mul(w, v128.load(values, 32)));
      d = f64x2.add(d, f64x2.mul(w, v128.load(values, 48)));
      e = f64x2.add(e, f64x2.mul(w, v128.load(values, 64)));
      f = f64x2.add(f, f64x2.mul(w, v128.load(values, 80)));
    }
    const rows = out + (i << 3);
    v128.store(rows, a);
    v128.store(rows, b, 16);
    v128.store(rows, c, 32);
    v128.store(rows, d, 48);
    v128.store(rows, e, 64);
    v128.store(rows, f, 80);
  }
  for (; i < end; i++) {
    let sum: f64 = 0;
    for (let k = 0; k < length; k++) sum += load<f64>(weights + (k << 3)) * load<f64>(x + ((i - k) << 3));
    store<f64>(out + (i << 3), sum);
  }
}
