import { candlesInDays } from '../../domain/interval.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { windowLowest } from '../windows/window-extremes.ts';
import { undefinedColumn } from './undefined-column.ts';

/**
 * 1 where the close is above the lowest low of the last `days` days (this candle included) and within `within` of it,
 * else 0; undefined until the window is full. Inputs: low, close.
 */
export function nearBottom({ days, within }: { days: number; within: number }, { interval }: KernelContext): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined) return undefinedColumn();
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [low, close], [out], begin, end, index) {
      windowLowest(low, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const bottom = out[i];
        if (!Number.isNaN(bottom)) out[i] = Number(close[i] > bottom) & Number(close[i] <= bottom * (1 + within));
      }
    },
  };
}
