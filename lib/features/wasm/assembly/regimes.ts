import { denseRanks, RANK_BYTES, RANK_BYTES_PER_ROW } from './shared/dense-ranks';

/** In shorter chunks values are counted row by row, because sorting the window takes longer. */
const FEW_ROWS = 32;

/**
 * Twin of `tercile` in kernels/regimes.ts. Scratch is that of `denseRanks` for `length + most` rows, their ranks, how
 * often each rank is held, and a bit for each held rank.
 *
 * @param most rows of a block
 */
export function tercile(
  scratch: usize,
  x: usize,
  out: usize,
  begin: i32,
  end: i32,
  _index: i32,
  length: i32,
  most: i32,
): void {
  if (end - begin < FEW_ROWS) {
    for (let i = begin; i < end; i++) countDirectly(x + (i << 3), length, out + (i << 3));
    return;
  }
  for (let i = begin; i < end; i += most) {
    countByRank(scratch, x + (i << 3), out + (i << 3), min(most, end - i), length, length + most);
  }
}

function countByRank(scratch: usize, x: usize, out: usize, rows: i32, length: i32, room: i32): void {
  const ranks = scratch + RANK_BYTES + room * RANK_BYTES_PER_ROW;
  const held = ranks + (room << 2);
  const marks = held + ((room + 2) << 2);
  const count = denseRanks(x - ((length - 1) << 3), length - 1 + rows, ranks, scratch);
  const beyond = count + 1;
  memory.fill(held, 0, (count + 2) << 2);
  memory.fill(marks, 0, ((count >> 5) + 2) << 2);
  const leastOfLower = (2 * length + 2) / 3;
  const leastOfUpper = (4 * length + 2) / 3;
  // The lowest rank with a mid-rank × 2 of at least that, and the number of held ranks below it.
  let lower = 1;
  let belowLower = 0;
  let upper = 1;
  let belowUpper = 0;
  let defined = 0;
  for (let k = 0; k < length - 1 + rows; k++) {
    const rank = load<i32>(ranks + (k << 2));
    // Undefined values have rank 0.
    if (rank > 0) {
      add(rank, held, marks);
      belowLower += i32(rank < lower);
      belowUpper += i32(rank < upper);
      defined++;
    }
    if (k < length - 1) continue;
    const row = out + ((k - length + 1) << 3);
    if (defined == length) {
      const settledLower = settle(lower, belowLower, leastOfLower, beyond, held, marks);
      lower = <i32>(settledLower >> 32);
      belowLower = <i32>settledLower;
      const settledUpper = settle(upper, belowUpper, leastOfUpper, beyond, held, marks);
      upper = <i32>(settledUpper >> 32);
      belowUpper = <i32>settledUpper;
      store<f64>(row, <f64>(i32(rank >= lower) + i32(rank >= upper)));
    } else store<f64>(row, NaN);
    const oldest = load<i32>(ranks + ((k - length + 1) << 2));
    if (oldest == 0) continue;
    remove(oldest, held, marks);
    belowLower -= i32(oldest < lower);
    belowUpper -= i32(oldest < upper);
    defined--;
  }
}

function add(rank: i32, held: usize, marks: usize): void {
  const count = load<i32>(held + (rank << 2));
  store<i32>(held + (rank << 2), count + 1);
  const mark = marks + ((rank >> 5) << 2);
  store<u32>(mark, load<u32>(mark) | (1 << (rank & 31)));
}

function remove(rank: i32, held: usize, marks: usize): void {
  const count = load<i32>(held + (rank << 2)) - 1;
  store<i32>(held + (rank << 2), count);
  const mark = marks + ((rank >> 5) << 2);
  store<u32>(mark, load<u32>(mark) & ~(u32(count == 0) << (rank & 31)));
}

/** Returns a cut after ranks have come and gone: its rank in the high word, the ranks below in the low one. */
function settle(cut: i32, belowCut: i32, least: i32, beyond: i32, held: usize, marks: usize): u64 {
  let rank = cut;
  let below = belowCut;
  while (rank < beyond) {
    const here = load<i32>(held + (rank << 2));
    if (2 * below + here >= least) break;
    below += here;
    rank = heldAfter(rank, beyond, marks);
  }
  for (;;) {
    const before = heldBefore(rank, marks);
    if (before == 0) break;
    const here = load<i32>(held + (before << 2));
    const belowIt = below - here;
    if (2 * belowIt + here < least) break;
    rank = before;
    below = belowIt;
  }
  return ((<u64>rank) << 32) | <u64>(<u32>below);
}

/** Returns the next held rank, or the one beyond all. */
function heldAfter(rank: i32, beyond: i32, marks: usize): i32 {
  let word = (rank + 1) >> 5;
  let bits = load<u32>(marks + (word << 2)) & ((<u32>-1) << ((rank + 1) & 31));
  while (bits == 0) {
    if (++word > beyond >> 5) return beyond;
    bits = load<u32>(marks + (word << 2));
  }
  return (word << 5) + <i32>ctz(bits);
}

/** Returns the held rank before this one, or 0. */
function heldBefore(rank: i32, marks: usize): i32 {
  let word = rank >> 5;
  let bits = load<u32>(marks + (word << 2)) & ~((<u32>-1) << (rank & 31));
  while (bits == 0) {
    if (--word < 0) return 0;
    bits = load<u32>(marks + (word << 2));
  }
  return (word << 5) + 31 - <i32>clz(bits);
}

/** Counts the values below the latest, those not above it, and those defined. */
function countDirectly(latest: usize, length: i32, out: usize): void {
  const v = f64x2.splat(load<f64>(latest));
  let twice = i64x2.splat(0);
  let defined = twice;
  let values = latest - ((length - 1) << 3);
  for (; values + 8 <= latest; values += 16) {
    const value = v128.load(values);
    twice = i64x2.add(twice, i64x2.add(f64x2.lt(value, v), f64x2.le(value, v)));
    defined = i64x2.add(defined, f64x2.eq(value, value));
  }
  let count = -(<i32>(i64x2.extract_lane(twice, 0) + i64x2.extract_lane(twice, 1)));
  let all = -(<i32>(i64x2.extract_lane(defined, 0) + i64x2.extract_lane(defined, 1)));
  if (values == latest) {
    const value = load<f64>(latest);
    count += i32(value <= value);
    all += i32(value == value);
  }
  if (all < length) store<f64>(out, NaN);
  else store<f64>(out, <f64>(i32(3 * count >= 2 * length) + i32(3 * count >= 4 * length)));
}
