import { DAY_MS } from '../../domain/time-range.ts';
import { type Kernel, rowwise, stateless } from '../kernel.ts';

/**
 * Sine and cosine of a clock with `steps` positions that moves on every `stepMs` milliseconds. `offset` is its position
 * at 1970-01-01. Input: open time.
 */
export function timeCycle({ stepMs, steps, offset }: { stepMs: number; steps: number; offset: number }): Kernel {
  const sines = Float64Array.from({ length: steps }, (_, step) => Math.sin((2 * Math.PI * step) / steps));
  const cosines = Float64Array.from({ length: steps }, (_, step) => Math.cos((2 * Math.PI * step) / steps));
  return stateless(([openTimeMs], [sin, cos], begin, end) => {
    for (let i = begin; i < end; i++) {
      const step = (Math.floor(openTimeMs[i] / stepMs) + offset) % steps;
      sin[i] = sines[step];
      cos[i] = cosines[step];
    }
  });
}

/** 1 where the open time is on a Saturday or a Sunday, UTC, else 0. Input: open time. */
export const weekend = rowwise(([openTimeMs], [out], begin, end) => {
  for (let i = begin; i < end; i++) {
    // 1970-01-01 was a Thursday: two days later the weekend begins.
    const daysIntoWeek = (Math.floor(openTimeMs[i] / DAY_MS) + 5) % 7;
    out[i] = daysIntoWeek < 2 ? 1 : 0;
  }
});

const SESSION_MS = 28_800_000;

/** Third of the UTC day in which a candle opens: 0 Asia, 1 Europe, 2 America. Input: open time. */
export const session = rowwise(([openTimeMs], [out], begin, end) => {
  for (let i = begin; i < end; i++) out[i] = Math.floor(openTimeMs[i] / SESSION_MS) % 3;
});
