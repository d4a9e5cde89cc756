import { DAY_MS } from '../domain/time-range.ts';

/**
 * The clock of the simulated exchange is fixed at 00:01 UTC of today, so that a second run on the same day finds
 * nothing new.
 */
export function simulatedNowMs(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS + 60_000;
}
