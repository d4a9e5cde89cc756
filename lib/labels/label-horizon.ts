import { candlesInDays, type Interval, nominalMs } from '../domain/interval.ts';

const HOUR_MS = 3_600_000;

/** Candles of the longest forward return, `fwd_return_60`. */
export const LONGEST_RETURN = 60;

/** Candles of the triple barrier `tb_2_20`, forward to its vertical barrier and back for its σ. */
export const TRIPLE_BARRIER_CANDLES = 20;

/**
 * Candles after which `signal` is decided at the latest: one day of them, 10 from 4h on. Fixed, because a horizon taken
 * from the sample (the original system took a percentile of all of it) knows the future.
 */
export function signalHorizon(interval: Interval): number {
  return nominalMs(interval) < 4 * HOUR_MS ? candlesInDays(interval, 1)! : 10;
}

/** Candles after a row that its labels look at; all of them are decided when the last of these has closed. */
export function labelHorizon(interval: Interval): number {
  return Math.max(signalHorizon(interval), LONGEST_RETURN);
}

/**
 * Candles before a row that its labels look at: those in which a label can have begun that is still open at the row
 * (for `uniqueness`), and those of the σ of `tb_2_20`.
 */
export function labelLookback(interval: Interval): number {
  return Math.max(signalHorizon(interval), TRIPLE_BARRIER_CANDLES);
}

/** Width of the barriers of `signal` in units of σ. */
export function signalBase(interval: Interval): number {
  const hours = nominalMs(interval) / HOUR_MS;
  if (hours < 1) return 3;
  if (hours < 4) return 4;
  return hours < 24 ? 3 : 2;
}
