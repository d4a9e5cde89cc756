/**
 * Returns the value `t` rows before the address and the value `t` − 1 rows after it, if both are wanted. A value that
 * is beyond the last of its direction is replaced by the other.
 */
export function neighbours(middle: usize, t: i32, behind: i32, ahead: i32): v128 {
  const before = middle - (t << 3);
  const after = middle + ((t - 1) << 3);
  return v128.load_lane<f64>(t <= ahead ? after : before, v128.load_zero<f64>(t <= behind ? before : after), 1);
}
