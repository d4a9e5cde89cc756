/** The size of a page of WebAssembly's memory. */
export const WASM_PAGE_BYTES = 65_536;

/** The number of rows per page. 32,768 doubles are 256 KiB, and the cache of a core holds them beside their page. */
export const PAGE_ROWS = 32_768;

/** The number of bytes that Snappy compresses at once. Matches reach back within a block, so 16 bits address it. */
export const BLOCK_BYTES = 65_536;

/** The number of bytes beyond a place that a kernel may overwrite, because it copies 16 bytes at a time. */
const SLACK = 64;

/** The most bytes of the definition levels of a page: a bit per row, and heads of runs. */
export const LEVEL_BYTES = PAGE_ROWS / 8 + 1024;

/** Returns the most bytes that compressed blocks of a length take: Snappy's own bound. */
export function mostCompressed(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

/** The most bytes of a page of numbers, levels included. */
export const PAGE_BYTES = LEVEL_BYTES + 8 * PAGE_ROWS;

/**
 * The places in the memory that the kernels of a thread share, in bytes. All are multiples of 16. The size is fixed: no
 * kernel needs more than this memory, and none allocates.
 */
export const PLACES = placesOf({
  /** The low addresses are the compiler's. */
  reserved: 1024,
  /** The doubles of a page, as the engine has them. Later, a page of integers, of which no value takes 8 bytes. */
  input: 8 * PAGE_ROWS,
  /** Definition levels end where `values` begins, so that both are one page. */
  levels: LEVEL_BYTES,
  /** The finite numbers of a page, in the width of their column. */
  values: 8 * PAGE_ROWS,
  /** A bit per row: 1 if its number is finite. */
  bits: PAGE_ROWS / 8,
  /** The smallest and the largest number of a page, two doubles. */
  bounds: 16,
  /** The numbers of 8 bits of a page, plus 128. */
  codes: PAGE_ROWS,
  /** A byte per code: 1 if the chunk has it. */
  used: 256,
  /** The place of each code in the dictionary. */
  places: 256,
  /** The differences of a block of integers. */
  deltas: 8 * 128,
  /** Bytes from elsewhere that are to be compressed. */
  block: BLOCK_BYTES,
  /** Places of recent bytes of a block, by their hash. */
  hashes: 2 * 2 ** 14,
  /** A compressed page: the last place. Each of its blocks may reach its bound. */
  compressed: 8 + Math.ceil(PAGE_BYTES / BLOCK_BYTES) * mostCompressed(BLOCK_BYTES),
});

/** The size of the memory, in whole pages of WebAssembly. */
export const MEMORY_BYTES = Math.ceil(PLACES.end / WASM_PAGE_BYTES) * WASM_PAGE_BYTES;

/** Gives each part its place, one after the other. */
function placesOf<Name extends string>(sizes: Record<Name, number>): Readonly<Record<Name | 'end', number>> {
  let end = 0;
  const places = Object.entries<number>(sizes).map(([name, size]) => {
    const begin = end;
    end += Math.ceil((size + (name === 'levels' ? 0 : SLACK)) / 16) * 16;
    return [name, begin];
  });
  return { ...Object.fromEntries(places), end };
}
