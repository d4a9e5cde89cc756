import { UnexpectedFormat } from '../domain/errors.ts';
import { isoTime, type TimeRange } from '../domain/time-range.ts';
import { assertCandleRow, shortJson } from './candle-row.ts';

/** Fields of a row; the twelfth, "ignore", is what its name says. */
const FIELDS = 12;

/**
 * Open times of a klines answer, checked before it lands: an array of candles, in time order, all in the window asked for.
 * A row sent twice is left for refine to count. @throws UnexpectedFormat naming the place.
 */
export function openTimesOf(body: Uint8Array, window: TimeRange, url: string): number[] {
  const rows = parseRows(body, url);
  const openTimes: number[] = [];
  let before = window.fromMs;
  for (const [index, row] of rows.entries()) {
    const place = `row ${index} of ${url}`;
    if (!Array.isArray(row) || row.length !== FIELDS) {
      throw new UnexpectedFormat(`${place} must be an array of ${FIELDS} fields, got ${shortJson(row)}`);
    }
    const openTime: unknown = row[0];
    if (typeof openTime !== 'number' || !Number.isSafeInteger(openTime)) {
      throw new UnexpectedFormat(`${place} must begin with an open time in milliseconds, got ${shortJson(openTime)}`);
    }
    if (openTime < window.fromMs || openTime >= window.toMs) {
      const asked = `[${isoTime(window.fromMs)}, ${isoTime(window.toMs)})`;
      throw new UnexpectedFormat(`${place} must open within ${asked}, got ${openTime}`);
    }
    if (openTime < before) throw new UnexpectedFormat(`${place} must not open before the row before, got ${openTime}`);
    assertCandleRow(row, place);
    before = openTime;
    openTimes.push(openTime);
  }
  return openTimes;
}

function parseRows(body: Uint8Array, url: string): unknown[] {
  // A byte order mark stays, and is refused: who reads the landed bytes later does not take it off either.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UnexpectedFormat(`${url} must answer JSON, got '${text.slice(0, 80)}'`, { cause });
  }
  if (!Array.isArray(json)) throw new UnexpectedFormat(`${url} must answer an array, got ${shortJson(json)}`);
  return json;
}
