import { candlesInDays } from '../../domain/interval.ts';
import type { Kernel, KernelContext } from '../kernel.ts';
import { allocateMomentEnds, windowMoments } from '../windows/window-moments.ts';
import { undefinedColumn } from './undefined-column.ts';

/**
 * Mean and sample standard deviation over the candles of the last `days` days, as pandas `rolling(n).mean()` and
 * `.std()`. Unlike pandas, undefined values inside the window are passed over, so long as the share `defined` of it
 * remains: one candle without trades must not blank two days of statistics, and a handful of values must not pass for
 * two days. Undefined until the window is full. A window of a single candle has a mean but no deviation.
 */
export function dayMoments({ days, defined }: { days: number; defined: number }, { interval }: KernelContext): Kernel {
  const length = candlesInDays(interval, days);
  if (length === undefined) return undefinedColumn();
  const least = Math.ceil(length * defined);
  const ends = allocateMomentEnds(length);
  return {
    history: length - 1,
    warmUp: length > 1 ? length - 1 : [0, Number.POSITIVE_INFINITY],
    run(_state, [x], [mean, deviation], begin, end, index) {
      windowMoments(x, length, least, 1, mean, deviation, begin, end, index, ends);
      for (let i = begin; i < end; i++) deviation[i] = Math.sqrt(deviation[i]);
    },
  };
}

/** As `dayMoments`, the deviation first. */
export function dayDeviation(parameters: { days: number; defined: number }, context: KernelContext): Kernel {
  const kernel = dayMoments(parameters, context);
  const { warmUp = 0 } = kernel;
  return {
    ...kernel,
    warmUp: typeof warmUp === 'number' ? warmUp : [...warmUp].reverse(),
    run(state, inputs, [deviation, mean], begin, end, index) {
      kernel.run(state, inputs, [mean, deviation], begin, end, index);
    },
  };
}
