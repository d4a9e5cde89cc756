import { putVarint } from './varint';

const MIN_RUN_BITS = 32;

/** Twin of `appendRuns` in writer/runs.ts, for codes of a byte. Up to 8 bytes after the codes are read. */
export function appendRuns(codes: usize, count: i32, width: i32, out: usize): usize {
  const minRun = max(8, (MIN_RUN_BITS + width - 1) / width);
  const end = codes + count;
  let packedFrom = codes;
  let at = codes;
  let to = out;
  while (at < end) {
    const runEnd = endOfRun(at, end);
    const length = <i32>(runEnd - at);
    if (length >= minRun) {
      to = putPacked(to, packedFrom, at, width);
      to = putVarint(to, length << 1);
      store<u8>(to++, load<u8>(at));
      at = runEnd;
      packedFrom = at;
    } else {
      at += (length + 7) & ~7;
    }
  }
  return putPacked(to, packedFrom, end, width);
}

/** Returns the end of the codes from `at` on that equal the first. */
function endOfRun(at: usize, end: usize): usize {
  const code = load<u8>(at);
  const four = <u64>code * 0x01010101;
  const eight = (four << 32) | four;
  let to = at + 1;
  while (to + 8 <= end) {
    const different = load<u64>(to) ^ eight;
    if (different != 0) return to + <usize>(ctz(different) >> 3);
    to += 8;
  }
  while (to < end && load<u8>(to) == code) to++;
  return to;
}

/** Writes groups of eight codes, each group in as many bytes as a code has bits. */
function putPacked(out: usize, begin: usize, end: usize, width: i32): usize {
  if (begin >= end) return out;
  const groups = <i32>((end - begin + 7) >> 3);
  let to = putVarint(out, (groups << 1) | 1);
  for (let group = 0; group < groups; group++) {
    const at = begin + ((<usize>group) << 3);
    let packed: u64 = 0;
    for (let i = 0; i < 8 && at + i < end; i++) packed |= (<u64>load<u8>(at + i)) << (i * width);
    store<u64>(to, packed);
    to += width;
  }
  return to;
}
