/** Scratch of `denseRanks` for at most `size` values. */
export interface RankScratch {
  /** One key per row: a double whose bits, read as an unsigned number, sort as the values do. */
  readonly keys: Float64Array;
  readonly order: Uint32Array;
  readonly other: Uint32Array;
  readonly counts: Uint32Array;
}

/** Values of a digit of a key. A key has four digits of 16 bits, the lowest first. */
const BINS = 65_536;

export function allocateRankScratch(size: number): RankScratch {
  const rows = () => new Uint32Array(size);
  return { keys: new Float64Array(size), order: rows(), other: rows(), counts: new Uint32Array(BINS) };
}

/**
 * Writes the ranks of rows `[from, to)` of x among themselves, and returns how many ranks there are. The smallest value has
 * rank 1, equal values have the same rank, no rank is left out, and NaN has rank 0. The rows are sorted by the high half
 * of their keys, digit by digit. Few rows then share that half, and comparisons put them in order. If many do, all four
 * digits are sorted, so no data makes it slow.
 */
export function denseRanks(
  x: Float64Array,
  from: number,
  to: number,
  ranks: Uint32Array,
  scratch: RankScratch,
): number {
  const size = to - from;
  writeKeys(x, from, size, scratch.keys);
  for (let k = 0; k < size; k++) scratch.order[k] = k;
  sortByHalf(2, size, scratch);
  if (!finishByLowHalf(size, scratch)) {
    sortByHalf(0, size, scratch);
    sortByHalf(2, size, scratch);
  }
  return numberRanks(size, ranks, scratch);
}

/** Turns the bits of negative values over and puts the others above them. NaN is the last. */
function writeKeys(x: Float64Array, from: number, size: number, keys: Float64Array): void {
  const words = new Int32Array(keys.buffer);
  // Adding 0 makes 0 of -0.
  for (let k = 0; k < size; k++) keys[k] = x[from + k] + 0;
  for (let k = 0; k < size; k++) {
    const sign = words[2 * k + 1] >> 31;
    const undefinedHere = Number.isNaN(x[from + k]);
    words[2 * k] = undefinedHere ? -1 : words[2 * k] ^ sign;
    words[2 * k + 1] = undefinedHere ? -1 : words[2 * k + 1] ^ (sign | 0x80000000);
  }
}

/** Sorts the rows by two digits of their keys: 0 and 1, or 2 and 3. Rows with the same digits keep their order. */
function sortByHalf(digit: 0 | 2, size: number, { keys, order, other, counts }: RankScratch): void {
  const digits = new Uint16Array(keys.buffer);
  sortByDigit(digits.subarray(digit), size, order, other, counts);
  sortByDigit(digits.subarray(digit + 1), size, other, order, counts);
}

function sortByDigit(digits: Uint16Array, size: number, from: Uint32Array, to: Uint32Array, counts: Uint32Array): void {
  counts.fill(0);
  for (let k = 0; k < size; k++) counts[digits[4 * k]]++;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const count = counts[bin];
    counts[bin] = sum;
    sum += count;
  }
  for (let k = 0; k < size; k++) to[counts[digits[4 * from[k]]]++] = from[k];
}

/** Sorts rows with the same high half by the low half, by insertion. Returns false if that takes too many steps. */
function finishByLowHalf(size: number, { keys, order }: RankScratch): boolean {
  const words = new Uint32Array(keys.buffer);
  let steps = 0;
  for (let k = 1; k < size; k++) {
    const row = order[k];
    const low = words[2 * row];
    const high = words[2 * row + 1];
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

function numberRanks(size: number, ranks: Uint32Array, { keys, order }: RankScratch): number {
  const words = new Int32Array(keys.buffer);
  let rank = 0;
  let low = -1;
  let high = -1;
  for (let k = 0; k < size; k++) {
    const row = order[k];
    if (words[2 * row] !== low || words[2 * row + 1] !== high) {
      low = words[2 * row];
      high = words[2 * row + 1];
      // NaN is the last.
      if (low === -1 && high === -1) {
        for (; k < size; k++) ranks[order[k]] = 0;
        return rank;
      }
      rank++;
    }
    ranks[row] = rank;
  }
  return rank;
}
