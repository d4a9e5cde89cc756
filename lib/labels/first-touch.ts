const BLOCK = 16;
const SUPER = 16 * BLOCK;

/**
 * Highs and lows with the extremes of blocks of 16 and 256 candles, so that candles that touch no barrier are skipped.
 */
export interface BarrierLevels {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly blockHigh: Float64Array;
  readonly blockLow: Float64Array;
  readonly superHigh: Float64Array;
  readonly superLow: Float64Array;
}

/** Levels over the candles from row `from` on; blocks before it are left out, because nothing reads them. */
export function levelsOf(high: Float64Array, low: Float64Array, from: number): BarrierLevels {
  const first = Math.floor(from / SUPER);
  const [blockHigh, blockLow] = extremes(high, low, BLOCK, first * (SUPER / BLOCK));
  const [superHigh, superLow] = extremes(blockHigh, blockLow, SUPER / BLOCK, first);
  return { high, low, blockHigh, blockLow, superHigh, superLow };
}

function extremes(high: Float64Array, low: Float64Array, size: number, first: number): [Float64Array, Float64Array] {
  const blocks = Math.ceil(high.length / size);
  const highest = new Float64Array(blocks);
  const lowest = new Float64Array(blocks);
  for (let block = first; block < blocks; block++) {
    let top = Number.NEGATIVE_INFINITY;
    let bottom = Number.POSITIVE_INFINITY;
    for (let i = block * size, end = Math.min(i + size, high.length); i < end; i++) {
      if (high[i] > top) top = high[i];
      if (low[i] < bottom) bottom = low[i];
    }
    highest[block] = top;
    lowest[block] = bottom;
  }
  return [highest, lowest];
}

/**
 * Returns the first row of `[from, to)` whose high is at or above `upper` or whose low is at or below `lower`, or `to`
 * if no row touches.
 */
export function firstTouch(levels: BarrierLevels, upper: number, lower: number, from: number, to: number): number {
  const { high, low, blockHigh, blockLow, superHigh, superLow } = levels;
  let i = from;
  while (i < to) {
    const end = Math.min(to, i - (i % BLOCK) + BLOCK);
    for (; i < end; i++) if (high[i] >= upper || low[i] <= lower) return i;
    // At the beginning of a block: skip all that touches no barrier.
    while (i < to) {
      if (i % SUPER === 0 && superHigh[i / SUPER] < upper && superLow[i / SUPER] > lower) i += SUPER;
      else if (blockHigh[i / BLOCK] < upper && blockLow[i / BLOCK] > lower) i += BLOCK;
      else break;
    }
  }
  return to;
}
