import type { ColumnSchema } from '../../domain/table-schema.ts';
import { ByteWriter } from './byte-writer.ts';
import { LEVEL_BYTES, PLACES } from './page-memory.ts';

/** The fewest bytes of eight rows each, all defined or all null, that are written as a run. */
const MIN_RUN_BYTES = 4;

/** Memory for the levels of a page, used again for each page of this thread. */
const page = new ByteWriter(new Uint8Array(LEVEL_BYTES));

/**
 * Returns the definition levels of a page from the bits that a kernel wrote: none if the column has no nulls at all.
 * @returns a view that is valid until the next call
 */
export function levelsOf({ nullable }: ColumnSchema, memory: Uint8Array, rows: number, nulls: number): Uint8Array {
  page.clear();
  if (!nullable) return page.written();
  if (nulls === 0) appendFullLevels(page, rows);
  else appendLevels(page, memory.subarray(PLACES.bits, PLACES.bits + Math.ceil(rows / 8)), rows);
  return page.written();
}

/**
 * Appends the definition levels of a page: a bit per row, 0 for null, as runs and packed bits (Encodings.md, "RLE /
 * Bit-Packing Hybrid"), after their size in four bytes.
 * @param bits a bit per row, the lowest of a byte first. Bits after the last row are 0.
 */
export function appendLevels(out: ByteWriter, bits: Uint8Array, rows: number): void {
  const sizeAt = out.length;
  out.int32(0);
  const byteLength = Math.ceil(rows / 8);
  for (let at = 0, packedFrom = 0; at < byteLength; ) {
    const end = runEnd(bits, at, rows);
    const isRun = end - at >= MIN_RUN_BYTES || (end === byteLength && end > at);
    if (isRun) {
      appendPacked(out, bits.subarray(packedFrom, at));
      out.varint((Math.min(8 * end, rows) - 8 * at) << 1);
      out.byte(bits[at]! & 1);
      packedFrom = end;
    }
    at = isRun ? end : Math.max(end, at + 1);
    if (at === byteLength) appendPacked(out, bits.subarray(packedFrom, at));
  }
  const size = out.length - sizeAt - 4;
  for (let i = 0; i < 4; i++) out.bytes[sizeAt + i] = size >>> (8 * i);
}

/** Appends the levels of a page without nulls: one run of ones. */
function appendFullLevels(out: ByteWriter, rows: number): void {
  const sizeAt = out.length;
  out.int32(0);
  out.varint(rows << 1);
  out.byte(1);
  out.bytes[sizeAt] = out.length - sizeAt - 4;
}

/** Returns the end of the bytes from `at` on whose rows all have the level of the first, or `at` if that has both. */
function runEnd(bits: Uint8Array, at: number, rows: number): number {
  const byteLength = Math.ceil(rows / 8);
  const lastFull = rows % 8 === 0 ? 0xff : (1 << (rows % 8)) - 1;
  const level = bits[at]! & 1;
  let end = at;
  while (end < byteLength) {
    const full = end === byteLength - 1 ? lastFull : 0xff;
    if (bits[end] !== (level ? full : 0)) break;
    end++;
  }
  return end;
}

function appendPacked(out: ByteWriter, bits: Uint8Array): void {
  if (bits.length === 0) return;
  out.varint((bits.length << 1) | 1);
  out.append(bits);
}
