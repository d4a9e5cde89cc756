/** Rows of the pack between two instants: `t0` in `[fromMs, toMs)`. */
export interface Block {
  readonly fromMs: number;
  readonly toMs: number;
  /** The last `t0` in it. */
  readonly lastMs: number;
  readonly rows: number;
}

/**
 * Cuts time into `count` blocks with about equally many rows. Rows with one `t0` (several symbols) stay together.
 * Returns undefined if there are fewer distinct instants than blocks.
 */
export function cutBlocks(t0: Float64Array, count: number): Block[] | undefined {
  const sorted = t0.slice().sort();
  const begins: number[] = [];
  let from = 0;
  for (let block = 0; block < count; block++) {
    const wanted = Math.max(from, Math.round((block * sorted.length) / count));
    let at = wanted;
    // Move to the first row of its instant. If that would leave the block before empty, skip to the next instant.
    while (at > from && sorted[at - 1] === sorted[at]) at--;
    if (block > 0 && at <= from) {
      at = Math.max(wanted, from + 1);
      while (at < sorted.length && sorted[at - 1] === sorted[at]) at++;
    }
    if (at >= sorted.length) return undefined;
    begins.push(at);
    from = at;
  }
  return begins.map((begin, block) => {
    const end = begins[block + 1] ?? sorted.length;
    const toMs = end < sorted.length ? sorted[end] : sorted[sorted.length - 1] + 1;
    return { fromMs: sorted[begin], toMs, lastMs: sorted[end - 1], rows: end - begin };
  });
}

/** Block of each row. */
export function blockOf(t0: Float64Array, blocks: readonly Block[]): Uint8Array {
  const places = new Uint8Array(t0.length);
  for (let row = 0; row < t0.length; row++) {
    let block = 0;
    while (t0[row] >= blocks[block].toMs) block++;
    places[row] = block;
  }
  return places;
}
