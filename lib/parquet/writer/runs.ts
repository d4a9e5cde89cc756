import type { ByteWriter } from './byte-writer.ts';

/** The fewest bits that a run must replace, because its head and the head of what follows take up to four bytes. */
const MIN_RUN_BITS = 32;

/**
 * Appends numbers of `width` bits as runs and packed groups of eight (Encodings.md, "RLE / Bit-Packing Hybrid"),
 * without their size.
 * @param width 1 to 24; every code must fit
 */
export function appendRuns(out: ByteWriter, codes: Uint8Array | Uint32Array, width: number): void {
  const { length } = codes;
  const minRun = Math.max(8, Math.ceil(MIN_RUN_BITS / width));
  let packedFrom = 0;
  let at = 0;
  while (at < length) {
    const code = codes[at]!;
    let end = at + 1;
    while (end < length && codes[end] === code) end++;
    if (end - at >= minRun) {
      appendPacked(out, codes, packedFrom, at, width);
      out.varint((end - at) << 1);
      for (let shift = 0; shift < width; shift += 8) out.byte(code >>> shift);
      at = packedFrom = end;
    } else {
      // A run can begin only after whole groups of eight.
      at += 8 * Math.ceil((end - at) / 8);
    }
  }
  appendPacked(out, codes, packedFrom, length, width);
}

/** Appends whole groups of eight. The last group of a page is filled up with zeros. */
function appendPacked(
  out: ByteWriter,
  codes: Uint8Array | Uint32Array,
  begin: number,
  end: number,
  width: number,
): void {
  if (begin >= end) return;
  const groups = Math.ceil((end - begin) / 8);
  out.varint((groups << 1) | 1);
  out.reserve(groups * width);
  const { bytes } = out;
  let position = out.length;
  let pending = 0;
  let pendingBits = 0;
  for (let at = begin; at < begin + 8 * groups; at++) {
    if (at < end) pending |= codes[at]! << pendingBits;
    for (pendingBits += width; pendingBits >= 8; pendingBits -= 8) {
      bytes[position++] = pending;
      pending >>>= 8;
    }
  }
  out.length = position;
}
