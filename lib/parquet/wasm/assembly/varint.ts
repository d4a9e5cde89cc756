/** Writes an unsigned LEB128 and returns the address after it. */
export function putVarint(out: usize, value: u64): usize {
  let rest = value;
  let at = out;
  for (; rest >= 0x80; rest >>= 7) store<u8>(at++, <u8>(rest | 0x80));
  store<u8>(at, <u8>rest);
  return at + 1;
}

/** Writes a signed integer: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
export function putZigzag(out: usize, value: i64): usize {
  return putVarint(out, <u64>((value << 1) ^ (value >> 63)));
}
