import type { Kernel } from '../kernel.ts';

/**
 * Sine and cosine of a clock with `steps` positions that moves on every `stepMs` milliseconds. `offset` is its position
 * at 1970-01-01. Input: open time.
 */
export function timeCycle({ stepMs, steps, offset }: { stepMs: number; steps: number; offset: number }): Kernel {
  const sines = Float64Array.from({ length: steps }, (_, step) => Math.sin((2 * Math.PI * step) / steps));
  const cosines = Float64Array.from({ length: steps }, (_, step) => Math.cos((2 * Math.PI * step) / steps));
  return {
    run(_state, [openTimeMs], [sin, cos], begin, end) {
      for (let i = begin; i < end; i++) {
        const step = (Math.floor(openTimeMs[i] / stepMs) + offset) % steps;
        sin[i] = sines[step];
        cos[i] = cosines[step];
      }
    },
  };
}
