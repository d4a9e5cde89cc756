import { UnexpectedFormat } from '../../domain/errors.ts';

const PLAIN_NUMBER = /^\d+(\.\d+)?$/;
const MOST_TRADES = 0x7fffffff;
/** No close time is later than this; what is has another unit. */
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * Sees that a row of a REST answer is a candle: plain numbers (but for the last field, which is to be ignored), low ≤ open, close ≤ high. REST has no
 * checksum, so a damaged answer shows here or nowhere; and once landed it would stop its series until removed by hand.
 * @throws UnexpectedFormat naming the place.
 */
export function assertCandleRow(row: readonly unknown[], place: string): void {
  const [openTime, open, high, low, close, , closeTime, , trades] = row.slice(0, 11).map((value, field) => {
    const number = typeof value === 'string' && PLAIN_NUMBER.test(value) ? Number(value) : value;
    if (typeof number === 'number' && number >= 0 && number < Number.POSITIVE_INFINITY) return number;
    throw new UnexpectedFormat(`${place} has field ${field + 1} that is no plain number: ${shortJson(value)}`);
  }) as [number, number, number, number, number, number, number, number, number];
  const sane =
    closeTime >= openTime &&
    closeTime < LATEST_MS &&
    low <= Math.min(open, close) &&
    high >= Math.max(open, close) &&
    trades <= MOST_TRADES;
  if (!sane) throw new UnexpectedFormat(`${place} is no candle: ${shortJson(row)}`);
}

/** A value of JSON in at most 160 characters. Arrays may be nested deeper than what would print them. */
export function shortJson(value: unknown): string {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    return `an array of ${value.length}`;
  }
  return (JSON.stringify(value) ?? String(value)).slice(0, 160);
}
