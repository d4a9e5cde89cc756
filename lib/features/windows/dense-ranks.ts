/** Scratch of `denseRanks` for at most `size` values. */
export interface RankScratch {
  /** Keys of the rows, as doubles and as their two words, low and high. */
  readonly keys: Float64Array;
  readonly words: Uint32Array;
  readonly order: Order;
  readonly other: Order;
  readonly counts: Uint32Array;
}

/** Rows in some order, with that word of their keys by which they are being sorted. */
interface Order {
  readonly rows: Uint32Array;
  readonly words: Uint32Array;
}

/** Values of a digit, which is half of a word. */
const BINS = 65_536;
const NAN_KEY = 0xffffffff;

export function allocateRankScratch(size: number): RankScratch {
  const keys = new Float64Array(size);
  const order = () => ({ rows: new Uint32Array(size), words: new Uint32Array(size) });
  return {
    keys,
    words: new Uint32Array(keys.buffer),
    order: order(),
    other: order(),
    counts: new Uint32Array(BINS),
  };
}

/**
 * Writes the ranks of rows `[from, to)` of x among themselves, and returns how many ranks there are. The smallest value
 * has rank 1, equal values have the same rank, no rank is left out, and NaN has rank 0. The bits are sorted by digits,
 * by the high word first. Few values then share that word, and comparisons put them in order. If many do, the low word
 * is sorted before the high one, so no data makes it slow.
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
  for (let k = 0; k < size; k++) scratch.order.rows[k] = k;
  sortByWord(1, size, scratch);
  if (!finishByLowWord(size, scratch)) {
    sortByWord(0, size, scratch);
    sortByWord(1, size, scratch);
  }
  return numberRanks(size, ranks, scratch);
}

/**
 * Turns the bits of negative values over and puts the others above them, so that unsigned numbers sort as the values.
 */
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

/** Sorts the rows by one word of their keys, 0 the low and 1 the high. Rows with the same word keep their order. */
function sortByWord(word: 0 | 1, size: number, { words, order, other, counts }: RankScratch): void {
  for (let k = 0; k < size; k++) order.words[k] = words[2 * order.rows[k] + word];
  sortByDigit(0, size, order, other, counts);
  sortByDigit(16, size, other, order, counts);
}

function sortByDigit(shift: number, size: number, from: Order, to: Order, counts: Uint32Array): void {
  counts.fill(0);
  for (let k = 0; k < size; k++) counts[(from.words[k] >>> shift) & 0xffff]++;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const count = counts[bin];
    counts[bin] = sum;
    sum += count;
  }
  for (let k = 0; k < size; k++) {
    const word = from.words[k];
    const place = counts[(word >>> shift) & 0xffff]++;
    to.rows[place] = from.rows[k];
    to.words[place] = word;
  }
}

/** Puts rows with the same high word in the order of the low one, by insertion; false if that takes too many steps. */
function finishByLowWord(size: number, { words, order }: RankScratch): boolean {
  const { rows, words: highs } = order;
  let steps = 0;
  for (let k = 1; k < size; k++) {
    const high = highs[k];
    if (highs[k - 1] !== high || high === NAN_KEY) continue;
    const row = rows[k];
    const low = words[2 * row];
    let place = k;
    for (; place > 0; place--) {
      const before = rows[place - 1];
      if (highs[place - 1] !== high || words[2 * before] <= low) break;
      rows[place] = before;
    }
    rows[place] = row;
    steps += k - place;
    if (steps > size) return false;
  }
  return true;
}

function numberRanks(size: number, ranks: Uint32Array, { words, order }: RankScratch): number {
  const { rows, words: highs } = order;
  let rank = 0;
  for (let k = 0; k < size; k++) {
    const row = rows[k];
    if (highs[k] === NAN_KEY) {
      ranks[row] = 0;
      continue;
    }
    const same = k > 0 && highs[k] === highs[k - 1] && words[2 * row] === words[2 * rows[k - 1]];
    if (!same) rank++;
    ranks[row] = rank;
  }
  return rank;
}
