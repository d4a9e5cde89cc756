/** The width of a plain number in bytes: a float or a double. */
export type PlainWidth = 4 | 8;

/** The bits of an integer. Differences of 32 bits wrap around, as int32 demands. */
export type IntegerBits = 32 | 64;

/**
 * The hot loops of the writer. They read and write one memory at the places of `PLACES`. There are two of them with
 * equal results: WebAssembly, and TypeScript, which says what they do.
 */
export interface PageKernels {
  readonly memory: Uint8Array;
  /**
   * Writes the finite numbers among the first `rows` doubles of `input` to `values`, one after the other. `bits` gets a
   * bit per row, and `bounds` the smallest and the largest number written; −0 and 0 count as equal. A number is null if
   * it is not finite in the column's width.
   * @returns how many numbers were written
   */
  plainNumbers(width: PlainWidth, rows: number): number;
  /**
   * Writes the finite numbers among the first `rows` doubles of `input` to `codes`, each plus 128 and in its row.
   * `bits` gets a bit per row, 0 for null. In `used`, the byte of each code becomes 1. `input` is overwritten.
   * @returns how many numbers are finite, or −1 if one is not a whole number of 8 bits
   */
  codeFlags(rows: number): number;
  /**
   * Writes the places of the first `rows` `codes` whose bit is set to `values`, a byte each. `places` has the place of
   * each code.
   * @returns how many places were written
   */
  definedPlaces(rows: number): number;
  /**
   * Writes the first `count` bytes of `values`, each less than 2^width, as runs to `to`, which is in `input`.
   * @param width 1 to 8
   * @returns the address after the result
   */
  appendRuns(count: number, width: number, to: number): number;
  /**
   * Writes the first `count` doubles of `values` as differences to `to`, which is in `input`.
   * @returns the address after the result, or 0 if a number is not whole
   */
  appendDeltaPacked(count: number, bits: IntegerBits, to: number): number;
  /**
   * Compresses one block by Snappy, without the length before it.
   * @param from the address of the block
   * @param length at most `BLOCK_BYTES`
   * @param to the address of the result; `mostCompressed(length)` bytes must be free
   * @returns the address after the result
   */
  compressBlock(from: number, length: number, to: number): number;
}
