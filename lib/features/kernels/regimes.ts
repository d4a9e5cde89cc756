import { candlesInDays } from '../../domain/interval.ts';
import { type Kernel, type KernelContext, stateless, undefinedColumn } from '../kernel.ts';
import { allocateRankScratch, denseRanks } from '../windows/dense-ranks.ts';
import { RankWindow } from '../windows/rank-window.ts';

/** In shorter chunks values are counted row by row, because sorting the window takes longer. */
const FEW_ROWS = 32;

/**
 * Third of its last `days` days in which a value is: 0 the lowest, 1, 2 the highest. Its mid-rank in the window
 * decides, (values below + half of the equal ones) ÷ all, compared with 1/3 and 2/3. So equal values are in third 1.
 * Undefined unless every value of the window is defined, and if the window has fewer than 3 values.
 *
 * Rows are computed in blocks of about a window. The values of all windows of a block are ranked once, and the two
 * ranks at which the thirds begin are followed from row to row. All counts are whole numbers and nothing is kept
 * between chunks, so the result does not depend on the cuts.
 */
export function tercile({ days }: { days: number }, { interval }: KernelContext): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined || length < 3) return undefinedColumn();
  // A month of candles, the usual chunk, is a little longer than a window and fastest in one block.
  const most = length + (length >> 2);
  const scratch = allocateRankScratch(length + most);
  const ranks = new Uint32Array(length + most);
  const window = new RankWindow(length, length + most);

  function countByRank(x: Float64Array, out: Float64Array, begin: number, end: number): void {
    window.clear(denseRanks(x, begin - length! + 1, end, ranks, scratch));
    let defined = 0;
    // Undefined values have rank 0.
    const add = (rank: number) => {
      if (rank === 0) return;
      window.add(rank);
      defined++;
    };
    for (let k = 0; k < length! - 1; k++) add(ranks[k]);
    for (let k = length! - 1, i = begin; i < end; k++, i++) {
      add(ranks[k]);
      out[i] = defined === length ? window.thirdOf(ranks[k]) : Number.NaN;
      const oldest = ranks[k - length! + 1];
      if (oldest === 0) continue;
      window.remove(oldest);
      defined--;
    }
  }

  const kernel = stateless(([x], [out], begin, end) => {
    if (end - begin < FEW_ROWS) countDirectly(x, length, out, begin, end);
    else for (let i = begin; i < end; i += most) countByRank(x, out, i, Math.min(i + most, end));
  }, length - 1);
  const twin = { name: 'tercile', parameters: [length, most], scratch: tercileScratch(length + most) } as const;
  return { ...kernel, twin };
}

/** Returns the doubles of the twin's scratch: 8 KiB, then for each row 24 bytes, a rank, a count and a bit. */
function tercileScratch(rows: number): number {
  return 1024 + 4 * rows + Math.ceil(rows / 64) + 8;
}

function countDirectly(x: Float64Array, length: number, out: Float64Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) {
    let below = 0;
    let notAbove = 0;
    let defined = 0;
    for (let j = i - length + 1; j <= i; j++) {
      if (x[j] < x[i]) below++;
      if (x[j] <= x[i]) notAbove++;
      if (!Number.isNaN(x[j])) defined++;
    }
    out[i] = defined < length ? Number.NaN : thirdOf(below + notAbove, length);
  }
}

/** @param twice number of values below, plus the number of values not above */
function thirdOf(twice: number, length: number): 0 | 1 | 2 {
  return 3 * twice < 2 * length ? 0 : 3 * twice < 4 * length ? 1 : 2;
}

/** Sign of the slope where the trend's strength is at least `least`, else 0. Inputs: slope, strength. */
export function trendRegime({ least }: { least: number }): Kernel {
  return stateless(([slope, strength], [out], begin, end) => {
    for (let i = begin; i < end; i++) {
      const undefinedHere = Number.isNaN(slope[i]) || Number.isNaN(strength[i]);
      const sign = slope[i] > 0 ? 1 : slope[i] < 0 ? -1 : 0;
      out[i] = undefinedHere ? Number.NaN : strength[i] >= least ? sign : 0;
    }
  });
}
