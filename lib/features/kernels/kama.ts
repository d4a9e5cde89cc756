import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

const FASTEST = 2 / 3;
const SLOWEST = 2 / 31;

/**
 * Kaufman's adaptive moving average (1995): an exponential average, the faster the straighter the way of the last
 * `length` rows, net change ÷ length of the path. TA-Lib KAMA: it starts from the value before the first full window,
 * and a path of length zero counts as straight. Inputs: x, size of its changes. Second output: length of the path.
 */
export function kama({ length }: { length: number }): Kernel {
  const sum = windowSums(length);
  return {
    stateLength: 2,
    history: length,
    warmUp: length - 1,
    run(state, [x, size], [out, path], begin, end, index) {
      let begun = state[0];
      let average = state[1];
      sum(size, path, begin, end, index);
      for (let i = begin; i < end; i++) {
        if (Number.isNaN(path[i])) {
          out[i] = Number.NaN;
          continue;
        }
        if (begun === 0) average = x[i - 1];
        begun = 1;
        const net = x[i] - x[i - length];
        const straight = path[i] <= net || path[i] < 1e-14 ? 1 : Math.abs(net / path[i]);
        const factor = (straight * (FASTEST - SLOWEST) + SLOWEST) ** 2;
        average += (x[i] - average) * factor;
        out[i] = average;
      }
      state[0] = begun;
      state[1] = average;
    },
  };
}
