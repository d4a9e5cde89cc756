import { type Kernel, stateless } from '../kernel.ts';
import { shortExtremes } from '../windows/short-extremes.ts';

/**
 * Highest of the last `length` values of the first input, lowest of the second. If `part` is given, the inputs are the
 * highest and the lowest of the last `part` values.
 */
export function extremes({ part = 1, length }: { part?: number; length: number }): Kernel {
  const kernel = stateless(([high, low], [highest, lowest], begin, end) => {
    shortExtremes(high, part, length, 1, highest, begin, end);
    shortExtremes(low, part, length, -1, lowest, begin, end);
  }, length - part);
  return { ...kernel, twin: { name: 'extremes', parameters: [part, length] } };
}

/**
 * Highest high, middle and lowest low of the last `length` candles, this one included. The middle is half way between
 * the two. Inputs: highest high and lowest low of the last `part` candles.
 */
export function donchian(parameters: { part: number; length: number }): Kernel {
  const kernel = extremes(parameters);
  return {
    ...kernel,
    twin: { name: 'donchian', parameters: [parameters.part, parameters.length] },
    run(state, inputs, [upper, middle, lower], begin, end, index) {
      kernel.run(state, inputs, [upper, lower], begin, end, index);
      for (let i = begin; i < end; i++) middle[i] = (upper[i] + lower[i]) / 2;
    },
  };
}

/** Square of the distance, in percent, of a value from the highest of the last `length`, itself included. */
export function squaredDrawdown({ length }: { length: number }): Kernel {
  const kernel = stateless(([x], [out], begin, end) => {
    shortExtremes(x, 1, length, 1, out, begin, end);
    for (let i = begin; i < end; i++) {
      const below = out[i] === 0 ? Number.NaN : (100 * (x[i] - out[i])) / out[i];
      out[i] = below * below;
    }
  }, length - 1);
  return { ...kernel, twin: { name: 'squaredDrawdown', parameters: [length] } };
}
