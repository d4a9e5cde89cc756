import { candlesInDays } from '../../domain/interval.ts';
import { type Kernel, type KernelContext, stateless, undefinedColumn } from '../kernel.ts';
import type { Side } from '../windows/further.ts';
import { windowExtremes } from '../windows/window-extremes.ts';

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
  const extremes = windowExtremes(length, side);
  const margin = 1 - side * within;
  const kernel = stateless(([x, close], [out], begin, end, index) => {
    extremes(x, out, begin, end, index);
    for (let i = begin; i < end; i++) {
      const furthest = side * out[i];
      const last = side * close[i];
      if (!Number.isNaN(furthest)) out[i] = Number(last < furthest) & Number(last >= furthest * margin);
    }
  }, length - 1);
  const twin = { name: 'nearExtreme', parameters: [length, side, margin], scratch: 2 * (length + 1) } as const;
  return { ...kernel, twin };
}
