import type { Kernel } from '../kernel.ts';

const HOUR_MS = 3_600_000;
const SIN = Float64Array.from({ length: 24 }, (_, hour) => Math.sin((2 * Math.PI * hour) / 24));
const COS = Float64Array.from({ length: 24 }, (_, hour) => Math.cos((2 * Math.PI * hour) / 24));

/** Sine and cosine of the hour of the day, 0 to 23 UTC, once round in 24 hours. Input: open time. */
export function hourCycle(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [openTimeMs], [sin, cos], begin, end) {
      for (let i = begin; i < end; i++) {
        const hour = Math.floor(openTimeMs[i] / HOUR_MS) % 24;
        sin[i] = SIN[hour];
        cos[i] = COS[hour];
      }
    },
  };
}
