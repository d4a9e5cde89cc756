import { candlesInDays, type Interval, nominalMs } from '../domain/interval.ts';

const HOUR_MS = 3_600_000;

/**
 * Candles after which a label is decided at the latest: one day of them, 10 from 4h on. Fixed, because a horizon taken
 * from the sample (the original system took a percentile of all of it) knows the future.
 */
export function labelHorizon(interval: Interval): number {
  return nominalMs(interval) < 4 * HOUR_MS ? candlesInDays(interval, 1)! : 10;
}

/** Width of the barriers of `signal` in units of σ. */
export function signalBase(interval: Interval): number {
  const hours = nominalMs(interval) / HOUR_MS;
  if (hours < 1) return 3;
  if (hours < 4) return 4;
  return hours < 24 ? 3 : 2;
}
