import { averageUniqueness, inverseConcurrency } from '../labels/concurrency.ts';
import { joinParts, type PackPart } from './pack-part.ts';

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

/** Weighs the labelled rows of each symbol over those of all its shards. Rows without a label have no weight. */
export function weighOverRows(parts: readonly PackPart[]): void {
  const symbols = new Set(parts.map(({ shard }) => shard.series.symbol));
  for (const symbol of symbols) {
    const own = parts.filter(({ shard }) => shard.series.symbol === symbol);
    const t1 = joinParts(own, (part) => part.t1);
    const isLabelled = (_: number, row: number) => !Number.isNaN(t1[row]);
    const weights = uniquenessOver(joinParts(own, (part) => part.t0).filter(isLabelled), t1.filter(isLabelled));
    let next = 0;
    for (const { weight, t1 } of own) {
      for (let row = 0; row < weight.length; row++) if (!Number.isNaN(t1[row])) weight[row] = weights[next++];
    }
  }
}
