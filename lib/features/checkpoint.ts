import { UnexpectedFormat } from '../domain/errors.ts';
import { sha256 } from '../domain/sha256.ts';

// "CLFS", candlelake feature state, and the version of this layout.
const MAGIC = 0x53464c43;
const VERSION = 2;
const HEADER_BYTES = 32;
const NAN_HIGH = 0x7ff80000;

/**
 * Returns the state of the feature engine as bytes, all little-endian: magic number, version, 64-bit hash of the
 * layout, number of candles seen (a double), number of doubles, and the doubles. NaN is written with one bit pattern,
 * so that equal states are equal bytes.
 */
export function writeCheckpoint(layout: string, index: number, parts: readonly Float64Array[]): Uint8Array {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + 8 * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setBigUint64(8, hashOf(layout), true);
  view.setFloat64(16, index, true);
  view.setUint32(24, count, true);
  let offset = HEADER_BYTES;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, offset += 8) {
      const value = part[i];
      if (Number.isNaN(value)) view.setUint32(offset + 4, NAN_HIGH, true);
      else view.setFloat64(offset, value, true);
    }
  }
  return bytes;
}

/**
 * Fills `parts` with the doubles that `writeCheckpoint` wrote and returns the number of candles seen.
 * @throws UnexpectedFormat if the bytes are of another kind, version, layout or size
 */
export function readCheckpoint(bytes: Uint8Array, layout: string, parts: readonly Float64Array[]): number {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const expected = HEADER_BYTES + 8 * count;
  if (bytes.byteLength !== expected) {
    throw new UnexpectedFormat(`feature state has ${bytes.byteLength} bytes, expected ${expected}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new UnexpectedFormat('feature state begins with another magic number');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw new UnexpectedFormat(`feature state has version ${version}, expected ${VERSION}`);
  if (view.getBigUint64(8, true) !== hashOf(layout)) {
    throw new UnexpectedFormat('feature state was saved by another feature table or for another interval');
  }
  let offset = HEADER_BYTES;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, offset += 8) part[i] = view.getFloat64(offset, true);
  }
  return view.getFloat64(16, true);
}

/** First 64 bits of the sha256. */
function hashOf(layout: string): bigint {
  return BigInt(`0x${sha256(layout).slice(0, 16)}`);
}
