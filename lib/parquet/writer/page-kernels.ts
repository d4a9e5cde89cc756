import { plainNumbers } from './plain-numbers.ts';
import { MEMORY_PAGES, PLACES } from './page-memory.ts';
import { compressBlock } from './snappy-block.ts';

/** The width of a plain number in bytes: a float or a double. */
export type PlainWidth = 4 | 8;

/**
 * The hot loops of the writer. They read and write one memory at the places of `PLACES`. There are two of them with
 * equal results: WebAssembly, and TypeScript, which says what they do.
 */
export interface PageKernels {
  readonly memory: Uint8Array;
  /**
   * Writes the finite numbers among the first `rows` doubles of `input` to `values`, one after the other. `bits` gets a
   * bit per row, and `bounds` the smallest and the largest number written; −0 and 0 count as equal. A number that is not
   * finite in the column's width is null.
   * @returns how many numbers were written
   */
  plainNumbers(width: PlainWidth, rows: number): number;
  /**
   * Compresses one block by Snappy, without the length before it.
   * @param from the address of the block
   * @param length at most `BLOCK_BYTES`
   * @param to the address of the result; `mostCompressed(length)` bytes must be free
   * @returns the address after the result
   */
  compressBlock(from: number, length: number, to: number): number;
}

/** Returns kernels in TypeScript over a memory of their own. */
export function typescriptKernels(): PageKernels {
  const memory = new Uint8Array(MEMORY_PAGES * 65_536);
  return {
    memory,
    plainNumbers: (width, rows) => plainNumbers(memory, width, rows),
    compressBlock: (from, length, to) => compressBlock(memory, { from, length, to, hashes: PLACES.hashes }),
  };
}
