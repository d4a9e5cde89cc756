/** Writes two rows, or the first if the second is not wanted. */
export function storeRows(out: usize, row: i32, rows: i32, values: v128): void {
  const at = out + (row << 3);
  if (row + 2 <= rows) v128.store(at, values);
  else v128.store_lane<f64>(at, values, 0);
}
