import type { Kernel } from '../kernel.ts';

/** Distance of a fast average from a slow one, in percent of the slow one. TA-Lib PPO, which gives 0 if that is 0. */
export function ppo(): Kernel {
  return {
    run(_state, [fast, slow], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = slow[i] === 0 ? 0 : ((fast[i] - slow[i]) / slow[i]) * 100;
    },
  };
}
