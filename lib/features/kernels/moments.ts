import { candlesInDays } from '../../domain/interval.ts';
import { type Kernel, type KernelContext, stateless, undefinedColumn } from '../kernel.ts';
import type { Twin, TwinName } from '../twin.ts';
import { allocateMomentEnds, windowMoments } from '../windows/window-moments.ts';

const { sqrt } = Math;

/**
 * Variance and mean of the last `length` values, all of them defined. `less` is 0 for the variance of a population, 1
 * for that of a sample.
 */
export function variance({ length, less }: { length: number; less: number }): Kernel {
  const ends = allocateMomentEnds(length);
  const kernel = stateless(([x], [out, mean], begin, end, index) => {
    windowMoments(x, length, length, less === 0 ? 0 : 1, mean, out, begin, end, index, ends);
  }, length - 1);
  return { ...kernel, twin: twinOf('variance', length, [length, less]) };
}

/** Describes a twin of `windowMoments`. Its scratch is four numbers for each of `length` + 1 rows. */
function twinOf(name: TwinName, length: number, others: readonly number[]): Twin {
  return { name, parameters: [length, ...others], scratch: 4 * (length + 1) };
}

/** Standard deviation and mean of the last `length` values; see `variance`. TA-Lib STDDEV with `less` 0. */
export function deviation(parameters: { length: number; less: number }): Kernel {
  const kernel = variance(parameters);
  return {
    ...kernel,
    twin: twinOf('deviation', parameters.length, [parameters.length, parameters.less]),
    run(state, inputs, outputs, begin, end, index) {
      kernel.run(state, inputs, outputs, begin, end, index);
      const [out] = outputs;
      for (let i = begin; i < end; i++) out[i] = sqrt(out[i]);
    },
  };
}

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
  const kernel = stateless(
    ([x], [mean, deviation], begin, end, index) => {
      windowMoments(x, length, least, 1, mean, deviation, begin, end, index, ends);
      for (let i = begin; i < end; i++) deviation[i] = Math.sqrt(deviation[i]);
    },
    length - 1,
    length > 1 ? length - 1 : [0, Number.POSITIVE_INFINITY],
  );
  return { ...kernel, twin: twinOf('dayMoments', length, [least]) };
}

/** As `dayMoments`, the deviation first. */
export function dayDeviation(parameters: { days: number; defined: number }, context: KernelContext): Kernel {
  const kernel = dayMoments(parameters, context);
  const { warmUp = 0, twin } = kernel;
  return {
    ...kernel,
    twin: twin && { ...twin, name: 'deviation', parameters: [...twin.parameters!, 1] },
    warmUp: typeof warmUp === 'number' ? warmUp : [...warmUp].reverse(),
    run(state, inputs, [deviation, mean], begin, end, index) {
      kernel.run(state, inputs, [mean, deviation], begin, end, index);
    },
  };
}

/**
 * Mean of the defined values among the last `length`, of which the share `defined` must be there. Undefined until the
 * window is full, `first` being the row of the series at which the input begins. Second output: their sample variance.
 */
export function definedMean({ length, defined, first }: { length: number; defined: number; first: number }): Kernel {
  const ends = allocateMomentEnds(length);
  const least = Math.ceil(length * defined);
  const kernel = stateless(([x], [mean, variance], begin, end, index) => {
    windowMoments(x, length, least, 1, mean, variance, begin, end, index, ends);
    const full = Math.min(end, begin + Math.max(0, first + length - 1 - index));
    mean.fill(Number.NaN, begin, full);
    variance.fill(Number.NaN, begin, full);
  }, length - 1);
  return { ...kernel, twin: twinOf('definedMean', length, [least, first]) };
}
