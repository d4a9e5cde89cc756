import { further, type Side } from './further.ts';

/**
 * Writes the highest (side 1) or the lowest (side −1) of the last `length` values at each row, from those of the last
 * `part` values. It is for short windows of finite values. Two windows side by side make one twice as long, and the
 * last two may overlap. A window that contains NaN gives NaN.
 *
 * @param x read from row `begin - length + part` on
 */
export function shortExtremes(
  x: Float64Array,
  part: number,
  length: number,
  side: Side,
  out: Float64Array,
  begin: number,
  end: number,
): void {
  let shorter = x;
  let ready = part === length ? end : begin;
  for (let width = part; width < length; ) {
    const apart = Math.min(width, length - width);
    if (shorter === out) ready += apart;
    // Backwards, because the rows after a row still need its shorter window.
    for (let i = end - 1; i >= ready; i--) out[i] = further(shorter[i], shorter[i - apart], side);
    shorter = out;
    width += apart;
  }
  // The shorter windows before `begin` are not stored, so the first rows begin with `x` again.
  const oldest = length - part;
  for (let i = begin; i < Math.min(ready, end); i++) {
    let furthest = further(x[i], x[i - oldest], side);
    for (let age = part; age < oldest; age += part) furthest = further(furthest, x[i - age], side);
    out[i] = furthest;
  }
}
