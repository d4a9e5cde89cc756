import { averageUniqueness, inverseConcurrency } from '../labels/concurrency.ts';

/**
 * Average uniqueness of labels over the rows of one symbol, in order of time: a label covers the rows that begin no
 * later than it ends. Labels that began before the first row are not there to be counted. López de Prado (2018), ch. 4.
 */
export function uniquenessOver(t0: Float64Array, t1: Float64Array): Float64Array {
  const exits = new Int32Array(t0.length);
  for (let row = 0; row < exits.length; row++) exits[row] = lastAtOrBefore(t0, t1[row], row);
  const inverse = inverseConcurrency(exits, 0, exits.length);
  return Float64Array.from(t0, (_, row) => averageUniqueness(inverse, row, exits[row]));
}

/** Last row, from `from` on, that begins at or before the instant. */
function lastAtOrBefore(t0: Float64Array, timeMs: number, from: number): number {
  let low = from;
  let high = t0.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (t0[middle] <= timeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
