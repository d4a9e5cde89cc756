import { putVarint, putZigzag } from './varint';

const BLOCK_VALUES = 128;
const MINIBLOCKS = 4;
const MINIBLOCK_VALUES = BLOCK_VALUES / MINIBLOCKS;

/**
 * Twin of `appendDeltaPacked` in writer/delta-packed.ts. `deltas` has room for a block. Returns 0 if a value is not
 * whole.
 */
export function appendDeltaPacked(values: usize, count: i32, bits: i32, deltas: usize, out: usize): usize {
  let to = putVarint(putVarint(putVarint(out, BLOCK_VALUES), MINIBLOCKS), count);
  let previous = count > 0 ? <i64>load<f64>(values) : 0;
  let refused = i32(count > 0 && <f64>previous != load<f64>(values));
  to = putZigzag(to, previous);
  const shift = 64 - bits;
  for (let begin = 1; begin < count; begin += BLOCK_VALUES) {
    const length = min(BLOCK_VALUES, count - begin);
    let least = i64.MAX_VALUE;
    let most = i64.MIN_VALUE;
    for (let i = 0; i < length; i++) {
      const value = load<f64>(values + ((<usize>(begin + i)) << 3));
      const whole = <i64>value;
      refused |= i32(<f64>whole != value);
      // Differences of 32 bits wrap around.
      const delta = ((whole - previous) << shift) >> shift;
      previous = whole;
      store<i64>(deltas + (i << 3), delta);
      least = min(least, delta);
      most = max(most, delta);
    }
    to = putZigzag(to, least);
    if (least == most) {
      store<u32>(to, 0);
      to += MINIBLOCKS;
    } else to = putMiniblocks(to, deltas, length, least);
  }
  return refused ? 0 : to;
}

function putMiniblocks(out: usize, deltas: usize, length: i32, least: i64): usize {
  let to = out + MINIBLOCKS;
  for (let block = 0; block < MINIBLOCKS; block++) {
    const begin = block * MINIBLOCK_VALUES;
    const end = min(begin + MINIBLOCK_VALUES, length);
    let all: u64 = 0;
    for (let i = begin; i < end; i++) all |= load<u64>(deltas + (i << 3)) - least;
    const width = <i32>(64 - clz(all));
    store<u8>(out + block, <u8>width);
    to = putMiniblock(to, deltas, begin, end, width, least);
  }
  return to;
}

/** Packs 32 numbers; absent ones are 0. */
function putMiniblock(out: usize, deltas: usize, begin: i32, end: i32, width: i32, least: i64): usize {
  let to = out;
  let pending: u64 = 0;
  let pendingBits = 0;
  for (let i = begin; i < end; i++) {
    const value = load<u64>(deltas + (i << 3)) - least;
    pending |= value << pendingBits;
    // The bits that do not fit are put next. A shift by 64 would do nothing.
    if (pendingBits + width >= 64) {
      store<u64>(to, pending);
      to += 8;
      pending = pendingBits == 0 ? 0 : value >> (64 - pendingBits);
      pendingBits -= 64;
    }
    pendingBits += width;
  }
  const bytes = (MINIBLOCK_VALUES * width) >> 3;
  memory.fill(to, 0, out + bytes > to ? out + bytes - to : 0);
  for (; pendingBits > 0; pendingBits -= 8) {
    store<u8>(to++, <u8>pending);
    pending >>= 8;
  }
  return out + bytes;
}
