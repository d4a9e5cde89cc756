import { DAY_MS } from '../../domain/time-range.ts';
import type { Kernel } from '../kernel.ts';

/** 1 where the open time is on a Saturday or a Sunday, UTC, else 0. Input: open time. */
export function weekend(): Kernel {
  return {
    run(_state, [openTimeMs], [out], begin, end) {
      for (let i = begin; i < end; i++) {
        // 1970-01-01 was a Thursday: two days later the weekend begins.
        const daysIntoWeek = (Math.floor(openTimeMs[i] / DAY_MS) + 5) % 7;
        out[i] = daysIntoWeek < 2 ? 1 : 0;
      }
    },
  };
}
