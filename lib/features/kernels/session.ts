import type { Kernel } from '../kernel.ts';

const SESSION_MS = 28_800_000;

/** Third of the UTC day in which a candle opens: 0 Asia, 1 Europe, 2 America. Input: open time. */
export function session(): Kernel {
  return {
    run(_state, [openTimeMs], [out], begin, end) {
      for (let i = begin; i < end; i++) out[i] = Math.floor(openTimeMs[i] / SESSION_MS) % 3;
    },
  };
}
