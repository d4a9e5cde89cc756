import { candlesInDays } from '../../domain/interval.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import type { Side } from '../windows/further.ts';
import { windowExtremes } from '../windows/window-extremes.ts';
import { undefinedColumn } from './undefined-column.ts';

/**
 * 1 if the close is below the highest high of the last `days` days and within `within` of it, else 0. Inputs: high,
 * close.
 */
export function nearTop(parameters: { days: number; within: number }, context: KernelContext): Kernel {
  return nearExtreme(1, parameters, context);
}

/**
 * 1 if the close is above the lowest low of the last `days` days and within `within` of it, else 0. Inputs: low, close.
 */
export function nearBottom(parameters: { days: number; within: number }, context: KernelContext): Kernel {
  return nearExtreme(-1, parameters, context);
}

/** The window contains the current candle. The column is undefined until the window is full. */
function nearExtreme(
  side: Side,
  { days, within }: { days: number; within: number },
  { interval }: KernelContext,
): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined) return undefinedColumn();
  const ends = new Float64Array(length + 1);
  const margin = 1 - side * within;
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [x, close], [out], begin, end, index) {
      windowExtremes(x, length, side, out, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const furthest = side * out[i];
        const last = side * close[i];
        if (!Number.isNaN(furthest)) out[i] = Number(last < furthest) & Number(last >= furthest * margin);
      }
    },
  };
}
