/** Scratch of `denseRanks` for as many values as `size`. */
export interface RankScratch {
  readonly keys: Float64Array;
  readonly words: Uint32Array;
  readonly order: Uint32Array;
  readonly other: Uint32Array;
  readonly counts: Uint32Array;
}

// A 64-bit key in six digits of at most 11 bits: word (0 low, 1 high) and shift. Lowest first.
const DIGITS = [
  [0, 0],
  [0, 11],
  [0, 22],
  [1, 0],
  [1, 11],
  [1, 22],
] as const;
const BINS = 2048;
const HIGH_DIGITS = 3;
const NAN_KEY = 0xffffffff;

export function allocateRankScratch(size: number): RankScratch {
  const keys = new Float64Array(size);
  return {
    keys,
    words: new Uint32Array(keys.buffer),
    order: new Uint32Array(size),
    other: new Uint32Array(size),
    counts: new Uint32Array(BINS),
  };
}

/**
 * Ranks of rows `[from, to)` of x among themselves: 1 for the smallest, the same for equal values, no rank left out; 0 for
 * NaN. Sorts the bits by digits, in time that no data can make longer: by the high word first, which leaves few values to
 * put right by comparison; where they are not few, by all digits. Returns the number of ranks.
 */
export function denseRanks(
  x: Float64Array,
  from: number,
  to: number,
  ranks: Uint32Array,
  scratch: RankScratch,
): number {
  const size = to - from;
  writeKeys(x, from, size, scratch);
  let order = sortByDigits(size, HIGH_DIGITS, scratch);
  if (!finishByLowWord(size, order, scratch)) order = sortByDigits(size, 0, scratch);
  return numberRanks(size, order, ranks, scratch);
}

/** Bits of doubles in order, as unsigned numbers: negative ones turned over, positive ones above them, NaN last. */
function writeKeys(x: Float64Array, from: number, size: number, { keys, words }: RankScratch): void {
  for (let k = 0; k < size; k++) keys[k] = x[from + k] + 0;
  for (let k = 0; k < size; k++) {
    const low = words[2 * k];
    const high = words[2 * k + 1];
    if (Number.isNaN(x[from + k])) {
      words[2 * k] = NAN_KEY;
      words[2 * k + 1] = NAN_KEY;
    } else if (high >>> 31 === 1) {
      words[2 * k] = ~low;
      words[2 * k + 1] = ~high;
    } else {
      words[2 * k + 1] = high | 0x80000000;
    }
  }
}

/** Rows in the order of their keys' digits from this one on. */
function sortByDigits(size: number, first: number, { words, counts, ...scratch }: RankScratch): Uint32Array {
  let { order, other } = scratch;
  for (let k = 0; k < size; k++) order[k] = k;
  for (let digit = first; digit < DIGITS.length; digit++) {
    const [word, shift] = DIGITS[digit];
    counts.fill(0);
    for (let k = 0; k < size; k++) counts[(words[2 * k + word] >>> shift) & 2047]++;
    // All values share this digit: nothing to do.
    if (size > 0 && counts[(words[word] >>> shift) & 2047] === size) continue;
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const count = counts[bin];
      counts[bin] = sum;
      sum += count;
    }
    for (let k = 0; k < size; k++) {
      const row = order[k];
      other[counts[(words[2 * row + word] >>> shift) & 2047]++] = row;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** Puts rows with the same high word in the order of the low one, by insertion; false where that would take long. */
function finishByLowWord(size: number, order: Uint32Array, { words }: RankScratch): boolean {
  let steps = 0;
  for (let k = 1; k < size; k++) {
    const row = order[k];
    const high = words[2 * row + 1];
    if (words[2 * order[k - 1] + 1] !== high || high === NAN_KEY) continue;
    const low = words[2 * row];
    let place = k;
    for (; place > 0; place--) {
      const before = order[place - 1];
      if (words[2 * before + 1] !== high || words[2 * before] <= low) break;
      order[place] = before;
    }
    order[place] = row;
    steps += k - place;
    if (steps > size) return false;
  }
  return true;
}

function numberRanks(size: number, order: Uint32Array, ranks: Uint32Array, { words }: RankScratch): number {
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
