import { DAY_MS } from '../../domain/time-range.ts';
import type { Kernel } from '../kernel.ts';

const SIN = Float64Array.from({ length: 7 }, (_, day) => Math.sin((2 * Math.PI * day) / 7));
const COS = Float64Array.from({ length: 7 }, (_, day) => Math.cos((2 * Math.PI * day) / 7));
// 1970-01-01 was a Thursday, the fourth day from Monday.
const THURSDAY = 3;

/** Sine and cosine of the day of the week, Monday 0 to Sunday 6 UTC, once round in 7 days. Input: open time. */
export function weekdayCycle(): Kernel {
  return {
    stateLength: 0,
    history: 0,
    warmUp: 0,
    run(_state, [openTimeMs], [sin, cos], begin, end) {
      for (let i = begin; i < end; i++) {
        const day = (Math.floor(openTimeMs[i] / DAY_MS) + THURSDAY) % 7;
        sin[i] = SIN[day];
        cos[i] = COS[day];
      }
    },
  };
}
