import type { Kernel } from '../kernel.ts';
import { windowSums } from '../windows/window-sums.ts';

/** Sums of the last `length` values of each input. */
export function sums({ length }: { length: number }): Kernel {
  const ends = new Float64Array(length + 1);
  return {
    history: length - 1,
    warmUp: length - 1,
    run(_state, inputs, outputs, begin, end, index) {
      for (let k = 0; k < inputs.length; k++) windowSums(inputs[k], length, outputs[k], begin, end, index, ends);
    },
  };
}
