/** Bytes of scratch that `denseRanks` needs for each row, and apart from the rows. */
export const RANK_BYTES_PER_ROW = 24;
export const RANK_BYTES = 8192;

const DIGIT_BITS = 11;
const BINS = 1 << DIGIT_BITS;
/** A sorted word has three digits of a key above the number of its row. */
const SORTED_BITS = 3 * DIGIT_BITS;
const ROW_BITS = 64 - SORTED_BITS;
const ROW_MASK: u64 = (1 << ROW_BITS) - 1;
const NAN_KEY: u64 = u64.MAX_VALUE;

/**
 * Writes the ranks of `size` values among themselves, as numbers of 32 bits, and returns how many ranks there are. The
 * smallest value has rank 1, equal values have the same rank, no rank is left out, and NaN has rank 0. The keys of all
 * values lie between two numbers. The highest bits in which these differ are sorted by digits, and values that are
 * equal so far by insertion. If that takes too many steps, all bits are sorted by digits.
 */
export function denseRanks(x: usize, size: i32, ranks: usize, scratch: usize): i32 {
  const counts = scratch;
  const keys = scratch + RANK_BYTES;
  const words = keys + (size << 3);
  const others = words + (size << 3);
  let least = NAN_KEY;
  let most: u64 = 0;
  for (let k = 0; k < size; k++) {
    const key = keyOf(load<f64>(x + (k << 3)));
    store<u64>(keys + (k << 3), key);
    if (key == NAN_KEY) continue;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  if (least > most) {
    memory.fill(ranks, 0, size << 2);
    return 0;
  }
  const bits = 64 - <i32>clz(most - least);
  const shift: u64 = max(0, bits - SORTED_BITS);
  writeWords(keys, size, least, shift, words);
  sortByDigit(words, others, size, ROW_BITS, counts);
  sortByDigit(others, words, size, ROW_BITS + DIGIT_BITS, counts);
  sortByDigit(words, others, size, ROW_BITS + 2 * DIGIT_BITS, counts);
  if (shift > 0 && !finishByKey(others, keys, size)) sortByAllBits(words, others, keys, size, least, counts);
  return numberRanks(others, keys, size, ranks);
}

/** Returns a number that sorts as the value does. −0 is 0. NaN is the highest. */
function keyOf(value: f64): u64 {
  if (value != value) return NAN_KEY;
  const bits = reinterpret<u64>(value + 0);
  return bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000);
}

/** Writes some bits of each key, from bit `shift` on, above the number of the row. NaN is beyond all. */
function writeWords(keys: usize, size: i32, least: u64, shift: u64, words: usize): void {
  for (let k = 0; k < size; k++) {
    const key = load<u64>(keys + (k << 3));
    const digits = key == NAN_KEY ? NAN_KEY : (key - least) >> shift;
    store<u64>(words + (k << 3), (digits << ROW_BITS) | <u64>k);
  }
}

/** Sorts words by the digit that begins at bit `from`. Words with the same digit keep their order. */
function sortByDigit(words: usize, sorted: usize, size: i32, from: u64, counts: usize): void {
  memory.fill(counts, 0, BINS << 2);
  for (let k = 0; k < size; k++) {
    const bin = counts + ((<usize>((load<u64>(words + (k << 3)) >> from) & (BINS - 1))) << 2);
    store<i32>(bin, load<i32>(bin) + 1);
  }
  let sum = 0;
  for (let bin = counts; bin < counts + (BINS << 2); bin += 4) {
    const count = load<i32>(bin);
    store<i32>(bin, sum);
    sum += count;
  }
  for (let k = 0; k < size; k++) {
    const word = load<u64>(words + (k << 3));
    const bin = counts + ((<usize>((word >> from) & (BINS - 1))) << 2);
    const place = load<i32>(bin);
    store<i32>(bin, place + 1);
    store<u64>(sorted + (place << 3), word);
  }
}

/** Puts words with the same digits in the order of their keys; false if that takes too many steps. */
function finishByKey(words: usize, keys: usize, size: i32): bool {
  let steps = 0;
  let before = load<u64>(words);
  for (let k = 1; k < size; k++) {
    const word = load<u64>(words + (k << 3));
    const same = before >> ROW_BITS == word >> ROW_BITS;
    before = word;
    if (!same) continue;
    const key = keyOfWord(word, keys);
    let place = k;
    for (; place > 0; place--) {
      const other = load<u64>(words + ((place - 1) << 3));
      if (other >> ROW_BITS != word >> ROW_BITS || keyOfWord(other, keys) <= key) break;
      store<u64>(words + (place << 3), other);
    }
    store<u64>(words + (place << 3), word);
    steps += k - place;
    if (steps > size) return false;
    before = load<u64>(words + (k << 3));
  }
  return true;
}

/** Sorts the words again, by the low bits of their keys and then by the high ones. */
function sortByAllBits(words: usize, sorted: usize, keys: usize, size: i32, least: u64, counts: usize): void {
  writeWords(keys, size, least, 0, words);
  sortByDigit(words, sorted, size, ROW_BITS, counts);
  sortByDigit(sorted, words, size, ROW_BITS + DIGIT_BITS, counts);
  sortByDigit(words, sorted, size, ROW_BITS + 2 * DIGIT_BITS, counts);
  for (let k = 0; k < size; k++) {
    const row = load<u64>(sorted + (k << 3)) & ROW_MASK;
    const key = load<u64>(keys + ((<usize>row) << 3));
    const digits = key == NAN_KEY ? NAN_KEY : (key - least) >> SORTED_BITS;
    store<u64>(words + (k << 3), (digits << ROW_BITS) | row);
  }
  sortByDigit(words, sorted, size, ROW_BITS, counts);
  sortByDigit(sorted, words, size, ROW_BITS + DIGIT_BITS, counts);
  sortByDigit(words, sorted, size, ROW_BITS + 2 * DIGIT_BITS, counts);
}

function keyOfWord(word: u64, keys: usize): u64 {
  return load<u64>(keys + ((<usize>(word & ROW_MASK)) << 3));
}

function numberRanks(words: usize, keys: usize, size: i32, ranks: usize): i32 {
  let rank = 0;
  let before = NAN_KEY;
  for (let k = 0; k < size; k++) {
    const row = load<u64>(words + (k << 3)) & ROW_MASK;
    const key = load<u64>(keys + ((<usize>row) << 3));
    if (key == NAN_KEY) {
      store<i32>(ranks + ((<usize>row) << 2), 0);
      continue;
    }
    rank += i32(key != before);
    before = key;
    store<i32>(ranks + ((<usize>row) << 2), rank);
  }
  return rank;
}
