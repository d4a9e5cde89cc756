/** Returns the value, or NaN in the lanes of the mask. A double of which all bits are set is NaN. */
export function nanIf(mask: v128, value: v128): v128 {
  return v128.or(value, mask);
}

/** Returns the value, or 0 in the lanes of the mask. */
export function zeroIf(mask: v128, value: v128): v128 {
  return v128.andnot(value, mask);
}

/** Returns 1 in the lanes of the mask and 0 in the others. */
export function oneIf(mask: v128): v128 {
  return v128.and(f64x2.splat(1), mask);
}
