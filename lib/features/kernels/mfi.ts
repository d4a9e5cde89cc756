import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/**
 * Money flow index, 0 to 100: the rising part of the money flow of the last `length` changes. TA-Lib MFI up to 0.6,
 * which gives 0 if the whole flow is less than 1 (0.8 gives the ratio there too). Inputs: rising and falling money
 * flow. Second output: the falling flow of the window.
 */
export function mfi({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, [rising, falling], [out, fell], begin, end, index) {
      windowSums(rising, length, out, begin, end, index, ends);
      windowSums(falling, length, fell, begin, end, index, ends);
      for (let i = begin; i < end; i++) {
        const flow = out[i] + fell[i];
        out[i] = flow < 1 ? 0 : (100 * out[i]) / flow;
      }
    },
  };
}
