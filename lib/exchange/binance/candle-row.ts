import { UnexpectedFormat } from '../../domain/errors.ts';

const PLAIN_NUMBER = /^\d+(\.\d+)?$/;
const MOST_TRADES = 0x7fffffff;
/** Larger close times have another unit. */
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * Checks that a row of a REST answer is a candle: plain numbers (the last field is ignored), low ≤ open, close ≤ high.
 * REST has no checksum, so this is the only check. A damaged row that landed would stop its series until it is removed
 * by hand.
 * @throws UnexpectedFormat with the place
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

/** Returns a JSON value in at most 160 characters. Nested values are counted, because printing them may overflow. */
export function shortJson(value: unknown): string {
  const items = typeof value === 'object' && value !== null ? Object.values(value) : [];
  if (!items.some((item) => typeof item === 'object' && item !== null)) {
    return (JSON.stringify(value) ?? String(value)).slice(0, 160);
  }
  return Array.isArray(value) ? `an array of ${value.length}` : `an object of ${items.length} fields`;
}
