/**
 * A log return is the logarithm of a number near 1, which a double holds to about 1e-16. Returns whose deviation is not
 * above this are equal as far as anyone can tell, and statistics of their shape would be statistics of rounding.
 */
export const RETURN_ROUNDING = 1e-14;
