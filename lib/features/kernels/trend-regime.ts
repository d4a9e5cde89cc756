import type { Kernel } from '../kernel.ts';

/** Sign of the slope where the trend's strength is at least `least`, else 0. Inputs: slope, strength. */
export function trendRegime({ least }: { least: number }): Kernel {
  return {
    run(_state, [slope, strength], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        const undefinedHere = Number.isNaN(slope[i]) || Number.isNaN(strength[i]);
        const sign = slope[i] > 0 ? 1 : slope[i] < 0 ? -1 : 0;
        out[i] = undefinedHere ? Number.NaN : strength[i] >= least ? sign : 0;
      }
    },
  };
}
