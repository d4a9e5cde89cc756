import type { z } from 'zod';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { parseForm, parseRest, parseRestArray } from './rest-json.ts';
import { EXCHANGE_INFO, FUNDING_INFO_ROW } from './stream-answers.ts';

/** Checks an answer of exchangeInfo. @throws UnexpectedFormat with the place */
export function assertExchangeInfo(body: Uint8Array, url: string): void {
  parseForm(parseRest(body, url), EXCHANGE_INFO, url);
}

/** Checks an answer of fundingInfo. @throws UnexpectedFormat with the place */
export function assertFundingInfo(body: Uint8Array, url: string): void {
  for (const [index, row] of parseRestArray(body, url).entries()) {
    parseForm(row, FUNDING_INFO_ROW, `row ${index} of ${url}`);
  }
}

/**
 * Returns the check of answers of one kind: an array of rows of this form, each of a time within the window.
 * The check throws UnexpectedFormat with the place.
 */
export function rowsOf<T>(form: z.ZodType<T>, timeOf: (row: T) => number) {
  return (body: Uint8Array, _: unknown, { fromMs, toMs }: TimeRange, url: string): undefined => {
    for (const [index, row] of parseRestArray(body, url).entries()) {
      const place = `row ${index} of ${url}`;
      const timeMs = timeOf(parseForm(row, form, place));
      if (timeMs < fromMs || timeMs >= toMs) {
        const asked = `[${isoTime(fromMs)}, ${isoTime(toMs)})`;
        throw new UnexpectedFormat(`${place} must lie within ${asked}, got ${timeMs}`);
      }
    }
  };
}
