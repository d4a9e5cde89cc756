import { allocateCandles, CANDLE_COLUMNS, type Candles, sliceCandles } from '../../domain/candles.ts';
import { UnexpectedFormat } from '../../domain/errors.ts';
import { assertSane } from '../sane-candles.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const FIELDS = 12;
/** One digit per field, and the commas between them. */
const SHORTEST_ROW_BYTES = 2 * FIELDS - 1;

/** The header row of a file that has one. */
const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

/** Spot files have microseconds since 2025. No instant in milliseconds before the year 5138 has as many digits. */
const MICROSECONDS_FROM = 1e14;

/** 10^0 … 10^22, all exact in a double. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/**
 * Reads the archive's CSV of 12 columns. Header row and unit of the times (milliseconds or microseconds) are detected
 * from the file itself. Rows keep the order of the file. Numbers have the same bits as `Number(text)`.
 * @throws UnexpectedFormat with file and row
 */
export function decodeCsv(csv: Uint8Array, name: string): Candles {
  const first = skipHeader(csv, name);
  const candles = allocateCandles(countRows(csv, first));
  const columns = CANDLE_COLUMNS.map((column) => candles[column]);
  let position = first;
  let row = 0;
  while (position < csv.length) {
    if (csv[position] === NEWLINE || csv[position] === CARRIAGE_RETURN) {
      position++;
      continue;
    }
    position = decodeRow(csv, position, columns, row, name);
    row++;
  }
  const decoded = row === candles.length ? candles : sliceCandles(candles, 0, row);
  toMilliseconds(decoded);
  assertSane(decoded, name);
  return decoded;
}

function skipHeader(csv: Uint8Array, name: string): number {
  if (csv.length === 0 || (csv[0]! >= ZERO && csv[0]! <= NINE)) return 0;
  const end = csv.indexOf(NEWLINE);
  const line = Buffer.from(csv.subarray(0, Math.min(end < 0 ? csv.length : end, 400)))
    .toString('latin1')
    .trim();
  if (line !== HEADER) throw new UnexpectedFormat(`header of ${name} is '${line.slice(0, 160)}', expected '${HEADER}'`);
  return end < 0 ? csv.length : end + 1;
}

function countRows(csv: Uint8Array, from: number): number {
  let rows = 0;
  for (let at = csv.indexOf(NEWLINE, from); at >= 0; at = csv.indexOf(NEWLINE, at + 1)) rows++;
  // The last row may have no newline. Blank lines are not rows.
  return Math.min(rows + 1, Math.ceil((csv.length - from) / SHORTEST_ROW_BYTES));
}

/** Decodes one row into `columns[…][row]`. Returns the position after its newline. */
function decodeRow(csv: Uint8Array, start: number, columns: Float64Array[], row: number, name: string): number {
  const length = csv.length;
  let position = start;
  for (let field = 0; field < FIELDS; field++) {
    const begin = position;
    let mantissa = 0;
    let decimals = -1;
    let digits = 0;
    let byte = 0;
    for (; position < length; position++) {
      byte = csv[position]!;
      if (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        digits++;
        if (decimals >= 0) decimals++;
      } else if (byte === POINT && decimals < 0) {
        decimals = 0;
      } else break;
    }
    const ended = position >= length || byte === NEWLINE || byte === CARRIAGE_RETURN;
    const last = field === FIELDS - 1;
    if (digits === 0 || (last ? !ended : byte !== COMMA || position >= length)) {
      throw badField(csv, start, row, field, name);
    }
    if (field < FIELDS - 1) {
      // Below 2^53 the mantissa is exact, and one division by an exact power of ten rounds as the text itself would.
      columns[field]![row] =
        mantissa <= Number.MAX_SAFE_INTEGER && decimals <= 22
          ? decimals > 0
            ? mantissa / POWERS_OF_TEN[decimals]!
            : mantissa
          : Number(Buffer.from(csv.subarray(begin, position)).toString('latin1'));
      position++;
    }
  }
  while (position < length && (csv[position] === NEWLINE || csv[position] === CARRIAGE_RETURN)) position++;
  return position;
}

function badField(csv: Uint8Array, start: number, row: number, field: number, name: string): UnexpectedFormat {
  const end = csv.indexOf(NEWLINE, start);
  const line = Buffer.from(csv.subarray(start, Math.min(end < 0 ? csv.length : end, start + 200)))
    .toString('latin1')
    .trim();
  const fields = line.split(',').length;
  const why =
    fields === FIELDS ? `has field ${field + 1} that is no plain number` : `has ${fields} fields, expected ${FIELDS}`;
  return new UnexpectedFormat(`row ${row + 1} of ${name} ${why}: '${line}'`);
}

function toMilliseconds(candles: Candles): void {
  const { openTimeMs, closeTimeMs } = candles;
  for (let row = 0; row < candles.length; row++) {
    if (openTimeMs[row]! >= MICROSECONDS_FROM) openTimeMs[row] = Math.floor(openTimeMs[row]! / 1000);
    if (closeTimeMs[row]! >= MICROSECONDS_FROM) closeTimeMs[row] = Math.floor(closeTimeMs[row]! / 1000);
  }
}
