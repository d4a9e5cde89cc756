import { allocateCandles, CANDLE_COLUMNS, type Candles } from '../../domain/candles.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { assertSane } from '../sane-candles.ts';

/**
 * Reads a klines answer of the REST API: a JSON array of rows with times and counts as numbers, and amounts as strings.
 * @throws UnexpectedFormat with the landing object and the row
 */
export function decodeRest(body: Uint8Array, name: string): Candles {
  let rows: unknown;
  try {
    rows = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new UnexpectedFormat(`${name} is not JSON`, { cause });
  }
  if (!Array.isArray(rows)) throw new UnexpectedFormat(`${name} is not a JSON array`);
  const candles = allocateCandles(rows.length);
  const columns = CANDLE_COLUMNS.map((column) => candles[column]);
  rows.forEach((row: unknown, index) => {
    if (!Array.isArray(row) || row.length !== 12) {
      throw new UnexpectedFormat(`row ${index + 1} of ${name} is not an array of 12, got ${shown(row)}`);
    }
    columns.forEach((column, field) => {
      column[index] = toNumber(row[field], index, field, name);
    });
  });
  assertSane(candles, name);
  return candles;
}

const PLAIN_NUMBER = /^\d+(\.\d+)?$/;

function toNumber(value: unknown, row: number, field: number, name: string): number {
  if (typeof value === 'number') return value;
  // Number('') is 0 and Number('0x10') is 16. No exchange means that.
  if (typeof value === 'string' && PLAIN_NUMBER.test(value)) return Number(value);
  throw new UnexpectedFormat(
    `row ${row + 1} of ${name} has field ${field + 1} that is no plain number: ${shown(value)}`,
  );
}

/** Returns a short text for a JSON value. Arrays and objects are not printed, because they may be too deep. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : `'${String(value).slice(0, 160)}'`;
}
