import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** The machine's clock, or one that stands still at the instant given; it sleeps for real either way. */
export function systemClock(fixedNowMs?: number): Clock {
  return {
    nowMs: () => fixedNowMs ?? Date.now(),
    sleep: async (ms) => {
      await sleep(ms);
    },
  };
}
