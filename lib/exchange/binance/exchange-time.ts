import { isoTime } from '../../domain/time-range.ts';

/** What there is to go by for the time at the exchange. */
export interface Clocks {
  /** What the exchange says that its time is. */
  readonly serverTimeMs: number;
  /** The `Date` header of the same answer, where it has one. */
  readonly httpDateMs: number | undefined;
  /** This machine's clock. */
  readonly localMs: number;
}

/** Clocks further apart than this do not agree: no network takes so long, and no clock that is looked after is so far off. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * The instant up to which candles may be closed. The exchange's word is taken where its own HTTP date or this machine's
 * clock agrees; where neither does, the earliest of them counts, so that no open candle is ever taken for a closed one.
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
