import { candlesInDays } from '../../domain/interval.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { windowHighest } from '../windows/window-extremes.ts';
import { undefinedColumn } from './undefined-column.ts';

/**
 * 1 where the close is below the highest high of the last `days` days (this candle included) and within `within` of it,
 * else 0; undefined until the window is full. Inputs: high, close.
 */
export function nearTop({ days, within }: { days: number; within: number }, { interval }: KernelContext): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined) return undefinedColumn();
  const ends = new Float64Array(length + 1);
  return {
    stateLength: 0,
    history: length - 1,
    warmUp: length - 1,
    run(_state, [high, close], [out], begin, end, index) {
      windowHighest(high, length, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const top = out[i];
        if (!Number.isNaN(top)) out[i] = Number(close[i] < top) & Number(close[i] >= top * (1 - within));
      }
    },
  };
}
