/** Stores the values of two rows, or only of the first if it is the last row. */
export function put(address: usize, values: v128, last: bool): void {
  if (last) v128.store64_lane(address, values, 0);
  else v128.store(address, values);
}
