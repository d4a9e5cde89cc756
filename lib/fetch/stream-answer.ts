import { z } from 'zod';
import { UnexpectedFormat } from '../domain/errors.ts';
import { isoTime, type TimeRange } from '../domain/time-range.ts';
import { shortJson } from './candle-row.ts';

const TIME = z.union([z.int(), z.string().regex(/^\d{12,14}$/)]);
const NUMBER = z.string().regex(/^-?\d+(\.\d+)?$/);

// Only what is read is named; the exchange adds fields at will (rateType came in 2026, CMCCirculatingSupply before).
const FUNDING = z.object({ fundingTime: TIME, fundingRate: NUMBER });
const OPEN_INTEREST = z.object({ timestamp: TIME, sumOpenInterest: NUMBER, sumOpenInterestValue: NUMBER });

/** Sees that an answer is one to a fundingRate question. @throws UnexpectedFormat naming the place. */
export function assertFunding(body: Uint8Array, window: TimeRange, url: string): void {
  assertRows(body, window, url, FUNDING, ({ fundingTime }) => fundingTime);
}

/** Sees that an answer is one to an openInterestHist question. @throws UnexpectedFormat naming the place. */
export function assertOpenInterest(body: Uint8Array, window: TimeRange, url: string): void {
  assertRows(body, window, url, OPEN_INTEREST, ({ timestamp }) => timestamp);
}

function assertRows<T>(
  body: Uint8Array,
  { fromMs, toMs }: TimeRange,
  url: string,
  shape: z.ZodType<T>,
  timeOf: (row: T) => number | string,
): void {
  const text = new TextDecoder().decode(body);
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedFormat(`${url} must answer JSON, got '${text.slice(0, 80)}'`, { cause });
  }
  if (!Array.isArray(rows)) throw new UnexpectedFormat(`${url} must answer an array, got ${shortJson(rows)}`);
  for (const [index, row] of rows.entries()) {
    const parsed = shape.safeParse(row);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const place = [`row ${index} of ${url}`, ...issue.path].join(' field ');
      throw new UnexpectedFormat(`${place} has an unknown form: ${issue.message}, got ${shortJson(row)}`);
    }
    const timeMs = Number(timeOf(parsed.data));
    if (timeMs < fromMs || timeMs >= toMs) {
      const asked = `[${isoTime(fromMs)}, ${isoTime(toMs)})`;
      throw new UnexpectedFormat(`row ${index} of ${url} must lie within ${asked}, got ${timeMs}`);
    }
  }
}
