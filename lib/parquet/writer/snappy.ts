import { ByteWriter } from './byte-writer.ts';
import type { PageKernels } from './page-kernels.ts';
import { BLOCK_BYTES, mostCompressed, PAGE_BYTES, PLACES } from './page-memory.ts';

/** The most bytes of the length that stands before the blocks. */
const LENGTH_BYTES = 5;

/**
 * Compresses bytes by Snappy: their length as a varint, then blocks that do not refer to each other. The result depends
 * on the bytes alone.
 * @param bytes from anywhere; a page in the memory of the kernels is read in place
 * @returns a view that is valid until the next call
 */
export function snappy(kernels: PageKernels, bytes: Uint8Array): Uint8Array {
  const { memory } = kernels;
  const isPage = bytes.length <= PAGE_BYTES;
  const out = new ByteWriter(isPage ? memory.subarray(compressed, end) : new Uint8Array(mostOf(bytes.length)));
  out.varint(bytes.length);
  for (let begin = 0; begin < bytes.length; begin += BLOCK_BYTES) {
    const from = bytes.subarray(begin, begin + BLOCK_BYTES);
    const isInPlace = from.buffer === memory.buffer;
    if (!isInPlace) memory.set(from, PLACES.block);
    const to = isPage ? compressed + out.length : compressed;
    const toEnd = kernels.compressBlock(isInPlace ? from.byteOffset : PLACES.block, from.length, to);
    if (isPage) out.length += toEnd - to;
    else out.append(memory.subarray(to, toEnd));
  }
  return out.written();
}

const { compressed, end } = PLACES;

function mostOf(length: number): number {
  return LENGTH_BYTES + Math.ceil(length / BLOCK_BYTES) * mostCompressed(BLOCK_BYTES);
}
