import type { Kernel } from '../kernel.ts';
import { shortExtremes } from '../windows/short-extremes.ts';

const { log } = Math;

/**
 * Fisher transform (Ehlers 2002): the place of x in the range of its last `length` values, smoothed, made roughly
 * Gaussian by ½ ln((1 + v) ÷ (1 − v)), and smoothed again. Ehlers' smoothing (0.33 and 0.67, then ½) and clipping
 * (beyond ±0.99 it is ±0.999); a window without range counts as its middle. Second output: the lowest of the window.
 */
export function fisher({ length }: { length: number }): Kernel {
  return {
    stateLength: 2,
    history: length - 1,
    warmUp: length - 1,
    twin: { name: 'fisher', parameters: [length] },
    run(state, [x], [out, lowest], begin, end) {
      let place = state[0];
      let transformed = state[1];
      shortExtremes(x, 1, length, 1, out, begin, end);
      shortExtremes(x, 1, length, -1, lowest, begin, end);
      for (let i = begin; i < end; i++) {
        const span = out[i] - lowest[i];
        if (Number.isNaN(span)) {
          out[i] = Number.NaN;
          continue;
        }
        const raw = span === 0 ? 0 : (x[i] - lowest[i]) / span - 0.5;
        place = 0.66 * raw + 0.67 * place;
        if (place > 0.99) place = 0.999;
        if (place < -0.99) place = -0.999;
        transformed = 0.5 * log((1 + place) / (1 - place)) + 0.5 * transformed;
        out[i] = transformed;
      }
      state[0] = place;
      state[1] = transformed;
    },
  };
}
