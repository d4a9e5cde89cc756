import { isoTime } from '../domain/time-range.ts';

/** The clocks from which the time at the exchange is taken. */
interface Clocks {
  /** The time in the exchange's answer. */
  readonly serverTimeMs: number;
  /** The `Date` header of the same answer, if it has one. */
  readonly httpDateMs: number | undefined;
  /** This machine's clock. */
  readonly localMs: number;
}

/** Clocks that differ by more do not agree. No network takes so long, and no maintained clock is so far off. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * Returns the instant up to which candles may be closed. This is the exchange's time if its HTTP date or this machine's
 * clock agrees with it. Otherwise it is the earliest of them, so that an open candle is never taken for a closed one.
 */
export function exchangeTime({ serverTimeMs, httpDateMs, localMs }: Clocks): { asOfMs: number; notice?: string } {
  const others = httpDateMs === undefined ? [localMs] : [httpDateMs, localMs];
  if (others.some((timeMs) => Math.abs(timeMs - serverTimeMs) <= TOLERANCE_MS)) return { asOfMs: serverTimeMs };
  const asOfMs = Math.min(serverTimeMs, ...others);
  const date = httpDateMs === undefined ? '' : `, its HTTP date is ${isoTime(httpDateMs)}`;
  const notice =
    `the exchange says that it is ${isoTime(serverTimeMs)}${date} and this machine's clock ${isoTime(localMs)}: ` +
    `only candles closed by ${isoTime(asOfMs)} are taken`;
  return { asOfMs, notice };
}
