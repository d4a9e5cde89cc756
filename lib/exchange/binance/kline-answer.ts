import { UnexpectedFormat } from '../../domain/errors.ts';
import { floorOpenTime, type Interval, nominalMs } from '../../domain/interval.ts';
import { DAY_MS, isoTime, type TimeRange } from '../../domain/time-range.ts';
import { assertCandleRow, shortJson } from './candle-row.ts';
import { parseRestArray } from './rest-json.ts';

/** Fields of a row. The twelfth, "ignore", is ignored. */
const FIELDS = 12;

/**
 * Returns the open times of a klines answer. Checks before it lands that it is an array of candles, in time order,
 * inside the requested window and on the grid. For a day and longer the exchange's grid may differ from ours, because
 * it is not documented where three days begin; there may be one candle per interval. Refine counts a row that was sent
 * twice.
 * @throws UnexpectedFormat with the place
 */
export function openTimesOf(body: Uint8Array, interval: Interval, window: TimeRange, url: string): number[] {
  const rows = parseRestArray(body, url);
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
    const cell = floorOpenTime(interval, openTime);
    if (nominalMs(interval) < DAY_MS && cell !== openTime) {
      throw new UnexpectedFormat(`${place} must open a whole ${interval}, got ${isoTime(openTime)}`);
    }
    if (index > 0 && openTime > before && cell <= before) {
      throw new UnexpectedFormat(
        `${place} must open another ${interval} than the row before, got ${isoTime(openTime)}`,
      );
    }
    if (openTime < before) throw new UnexpectedFormat(`${place} must not open before the row before, got ${openTime}`);
    assertCandleRow(row, place);
    before = openTime;
    openTimes.push(openTime);
  }
  return openTimes;
}
