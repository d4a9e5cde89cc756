import { candlesInDays } from '../../domain/interval.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { allocateRankScratch, denseRanks } from '../windows/dense-ranks.ts';
import { rankWindow } from '../windows/rank-window.ts';
import { undefinedColumn } from './undefined-column.ts';

/** Chunks shorter than this are counted row by row: sorting the window would take longer. */
const FEW_ROWS = 32;

/**
 * Third of its own last `days` days into which a value falls: 0 the lowest, 1, 2 the highest. Decided by its mid-rank in
 * the window, itself included: (values below + half of those equal) ÷ all, against 1/3 and 2/3; so where nothing changes
 * it is 1. Undefined unless every value of the window is defined, and where the window has fewer than 3.
 *
 * Rows are taken in blocks of about a window: the values that the windows of a block can hold are ranked once, and the
 * two ranks at which the thirds begin are followed from row to row. All counts are whole numbers and nothing is kept
 * between chunks, so the result does not depend on the cuts.
 */
export function tercile({ days }: { days: number }, { interval }: KernelContext): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined || length < 3) return undefinedColumn();
  // A month of candles, the usual chunk, is somewhat longer than a window and best done at once.
  const most = length + (length >> 2);
  const scratch = allocateRankScratch(length + most);
  const ranks = new Uint32Array(length + most);
  const window = rankWindow(length, length + most);

  function countDirectly(x: Float64Array, out: Float64Array, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const value = x[i];
      let below = 0;
      let notAbove = 0;
      let defined = 0;
      for (let j = i - length! + 1; j <= i; j++) {
        if (x[j] < value) below++;
        if (x[j] <= value) notAbove++;
        if (!Number.isNaN(x[j])) defined++;
      }
      out[i] = thirdOf(below + notAbove, defined, length!);
    }
  }

  function countByRank(x: Float64Array, out: Float64Array, begin: number, end: number): void {
    const from = begin - length! + 1;
    const size = denseRanks(x, from, end, ranks, scratch);
    window.clear(size);
    let defined = 0;
    for (let k = 0; k < length! - 1; k++) {
      if (ranks[k] > 0) {
        window.add(ranks[k]);
        defined++;
      }
    }
    for (let i = begin; i < end; i++) {
      const rank = ranks[i - from];
      if (rank > 0) {
        window.add(rank);
        defined++;
      }
      out[i] = rank > 0 && defined === length ? window.thirdOf(rank) : Number.NaN;
      const oldest = ranks[i - from - length! + 1];
      if (oldest > 0) {
        window.remove(oldest);
        defined--;
      }
    }
  }

  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x], [out], begin, end) {
      if (end - begin < FEW_ROWS) {
        countDirectly(x, out, begin, end);
      } else {
        for (let i = begin; i < end; i += most) countByRank(x, out, i, Math.min(i + most, end));
      }
    },
  };
}

/** @param twice values below, and those not above */
function thirdOf(twice: number, defined: number, length: number): number {
  if (defined < length) return Number.NaN;
  return 3 * twice < 2 * length ? 0 : 3 * twice < 4 * length ? 1 : 2;
}
