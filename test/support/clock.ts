import type { Clock } from '../../lib/ports.ts';

export interface TestClock extends Clock {
  /** Every pause asked for, in order. */
  readonly pauses: number[];
}

/** A clock on which sleeping takes no time and moves it on; or, standing, does not. */
export function testClock(startMs: number, { standing = false } = {}): TestClock {
  let nowMs = startMs;
  const pauses: number[] = [];
  return {
    pauses,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      pauses.push(ms);
      const wakeMs = nowMs + ms;
      // Others get their turn before the clock moves on, as they do on a real one.
      await new Promise((resolve) => setImmediate(resolve));
      if (!standing) nowMs = Math.max(nowMs, wakeMs);
    },
  };
}
