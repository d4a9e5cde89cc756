/** Twin of `exponentialAverage` in kernels/exponential-averages.ts. Addresses are in bytes, rows in values. */
export function exponentialAverage(
  state: usize,
  x: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
  length: f64,
  factor: f64,
): void {
  let seen = load<f64>(state);
  let average = load<f64>(state, 8);
  for (let i = begin; i < end; i++) {
    const value = load<f64>(x + (i << 3));
    if (value != value) {
      store<f64>(out + (i << 3), NaN);
    } else if (seen == length) {
      average += (value - average) * factor;
      store<f64>(out + (i << 3), average);
    } else {
      average += value;
      seen += 1;
      if (seen == length) average /= length;
      store<f64>(out + (i << 3), seen == length ? average : NaN);
    }
  }
  store<f64>(state, seen);
  store<f64>(state, average, 8);
}
