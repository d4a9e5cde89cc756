/**
 * Twin of `percentRank` in kernels/percent-rank.ts. It counts the values below and the values not above: twice the mean
 * rank of equal values is the sum of both, plus 1. Four rows share the values that all of them have in their windows.
 */
export function percentRank(x: usize, out: usize, begin: i32, end: i32, index: i32, length: i32): void {
  let i = begin;
  for (; i < end && i - begin + index < length - 1; i++) store<f64>(out + (i << 3), NaN);
  const twice = <f64>(2 * length);
  for (; i < end; i++) {
    const latest = load<f64>(x + (i << 3));
    const v = f64x2.splat(latest);
    let below = i64x2.splat(0);
    let notAbove = below;
    let other = below;
    let otherNotAbove = below;
    const last = x + (i << 3);
    let values = x + ((i - length + 1) << 3);
    for (; values + 24 <= last; values += 32) {
      const a = v128.load(values);
      const b = v128.load(values, 16);
      below = i64x2.add(below, f64x2.lt(a, v));
      notAbove = i64x2.add(notAbove, f64x2.le(a, v));
      other = i64x2.add(other, f64x2.lt(b, v));
      otherNotAbove = i64x2.add(otherNotAbove, f64x2.le(b, v));
    }
    const all = i64x2.add(i64x2.add(below, notAbove), i64x2.add(other, otherNotAbove));
    let count = <i32>-(i64x2.extract_lane(all, 0) + i64x2.extract_lane(all, 1));
    for (; values <= last; values += 8) {
      const value = load<f64>(values);
      count += i32(value < latest) + i32(value <= latest);
    }
    store<f64>(out + (i << 3), <f64>(count + 1) / twice);
  }
}
