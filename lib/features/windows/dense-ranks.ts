/** Scratch of `denseRanks` for as many values as `size`. */
export interface RankScratch {
  readonly keys: Float64Array;
  readonly words: Uint32Array;
  readonly order: Uint32Array;
  readonly other: Uint32Array;
  readonly counts: Uint32Array;
}

// A 64-bit key in six digits of at most 11 bits: word (0 low, 1 high) and shift.
const DIGITS = [
  [0, 0],
  [0, 11],
  [0, 22],
  [1, 0],
  [1, 11],
  [1, 22],
] as const;
const BINS = 2048;
const NAN_KEY = 0xffffffff;

export function allocateRankScratch(size: number): RankScratch {
  const keys = new Float64Array(size);
  return {
    keys,
    words: new Uint32Array(keys.buffer),
    order: new Uint32Array(size),
    other: new Uint32Array(size),
    counts: new Uint32Array(BINS * DIGITS.length),
  };
}

/**
 * Ranks of rows `[from, to)` of x among themselves: 1 for the smallest, the same for equal values, no rank left out; 0 for
 * NaN. Sorts the bits by digits, in time that no data can make longer. Returns the number of ranks.
 */
export function denseRanks(
  x: Float64Array,
  from: number,
  to: number,
  ranks: Uint32Array,
  scratch: RankScratch,
): number {
  const { keys, words, counts } = scratch;
  const size = to - from;
  for (let k = 0; k < size; k++) keys[k] = x[from + k] + 0;
  counts.fill(0);
  for (let k = 0; k < size; k++) {
    // Bits of doubles in order, as unsigned numbers: negative ones turned over, positive ones above them.
    let low = words[2 * k];
    let high = words[2 * k + 1];
    if (Number.isNaN(x[from + k])) {
      low = NAN_KEY;
      high = NAN_KEY;
    } else if (high >>> 31 === 1) {
      low = ~low >>> 0;
      high = ~high >>> 0;
    } else {
      high = (high | 0x80000000) >>> 0;
    }
    words[2 * k] = low;
    words[2 * k + 1] = high;
    counts[low & 2047]++;
    counts[BINS + ((low >>> 11) & 2047)]++;
    counts[2 * BINS + (low >>> 22)]++;
    counts[3 * BINS + (high & 2047)]++;
    counts[4 * BINS + ((high >>> 11) & 2047)]++;
    counts[5 * BINS + (high >>> 22)]++;
  }
  let { order, other } = scratch;
  for (let k = 0; k < size; k++) order[k] = k;
  for (let digit = 0; digit < DIGITS.length; digit++) {
    const [word, shift] = DIGITS[digit];
    const bin0 = digit * BINS;
    // All values share this digit: nothing to do.
    if (size > 0 && counts[bin0 + ((words[word] >>> shift) & 2047)] === size) continue;
    let sum = 0;
    for (let bin = bin0; bin < bin0 + BINS; bin++) {
      const count = counts[bin];
      counts[bin] = sum;
      sum += count;
    }
    for (let k = 0; k < size; k++) {
      const row = order[k];
      other[counts[bin0 + ((words[2 * row + word] >>> shift) & 2047)]++] = row;
    }
    [order, other] = [other, order];
  }
  let rank = 0;
  let lowBefore = NAN_KEY;
  let highBefore = NAN_KEY;
  for (let k = 0; k < size; k++) {
    const row = order[k];
    const low = words[2 * row];
    const high = words[2 * row + 1];
    if (low === NAN_KEY && high === NAN_KEY) {
      ranks[row] = 0;
      continue;
    }
    if (low !== lowBefore || high !== highBefore) rank++;
    lowBefore = low;
    highBefore = high;
    ranks[row] = rank;
  }
  return rank;
}
