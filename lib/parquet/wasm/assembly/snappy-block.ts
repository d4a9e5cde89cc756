const HASH_BITS: u32 = 14;
const MULTIPLIER: u32 = 0x1e35a7bd;
const MARGIN: i32 = 15;

/** Twin of `compressBlock` in writer/snappy-block.ts. Copies of bytes write up to 15 bytes beyond their end. */
export function compressBlock(from: usize, length: i32, to: usize, hashes: usize): usize {
  memory.fill(hashes, 0, 2 << HASH_BITS);
  const end = from + length;
  const limit = <isize>end - MARGIN;
  let out = to;
  let literal = from;
  let at = from + 1;
  let misses = 32;
  while (<isize>at <= limit) {
    let four = load<u32>(at);
    let slot = slotOf(hashes, four);
    let candidate = from + load<u16>(slot);
    store<u16>(slot, <u16>(at - from));
    if (four != load<u32>(candidate)) {
      at += misses++ >> 5;
      continue;
    }
    out = appendLiteral(out, literal, at);
    do {
      const matchEnd = endOfMatch(at + 4, candidate + 4, end);
      out = appendCopy(out, <i32>(at - candidate), <i32>(matchEnd - at));
      at = matchEnd;
      literal = at;
      if (<isize>at > limit) break;
      store<u16>(slotOf(hashes, load<u32>(at - 1)), <u16>(at - 1 - from));
      four = load<u32>(at);
      slot = slotOf(hashes, four);
      candidate = from + load<u16>(slot);
      store<u16>(slot, <u16>(at - from));
    } while (four == load<u32>(candidate));
    at++;
    misses = 32;
  }
  return literal < end ? appendLiteral(out, literal, end) : out;
}

function slotOf(hashes: usize, four: u32): usize {
  return hashes + (((four * MULTIPLIER) >>> (32 - HASH_BITS)) << 1);
}

/** Returns the end of the bytes from `at` on that equal those from `before` on. */
function endOfMatch(at: usize, before: usize, end: usize): usize {
  while (at + 8 <= end) {
    const different = load<u64>(at) ^ load<u64>(before);
    if (different != 0) return at + <usize>(ctz(different) >> 3);
    at += 8;
    before += 8;
  }
  while (at < end && load<u8>(at) == load<u8>(before)) {
    at++;
    before++;
  }
  return at;
}

function appendLiteral(out: usize, begin: usize, end: usize): usize {
  const last = <u32>(end - begin - 1);
  if (last < 60) {
    store<u8>(out++, <u8>(last << 2));
  } else if (last < 256) {
    store<u8>(out, 60 << 2);
    store<u8>(out, <u8>last, 1);
    out += 2;
  } else {
    store<u8>(out, 61 << 2);
    store<u16>(out, <u16>last, 1);
    out += 3;
  }
  for (let from = begin, to = out; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
  return out + (end - begin);
}

function appendCopy(out: usize, offset: i32, length: i32): usize {
  let rest = length;
  while (rest > 0) {
    const part = rest >= 68 ? 64 : rest > 64 ? 60 : rest;
    if (part < 12 && offset < 2048) {
      store<u8>(out, <u8>(1 | ((part - 4) << 2) | ((offset >> 8) << 5)));
      store<u8>(out, <u8>offset, 1);
      out += 2;
    } else {
      store<u8>(out, <u8>(2 | ((part - 1) << 2)));
      store<u16>(out, <u16>offset, 1);
      out += 3;
    }
    rest -= part;
  }
  return out;
}
