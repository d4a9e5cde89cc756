import fc from 'fast-check';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { decodeCsv } from '../../../lib/exchange/binance/decode-csv.ts';
import { candleRows, valuesOf } from '../../support/candles.ts';

const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
const NAME = 'BTCUSDT-1h-2024-02.zip';
const ROWS = candleRows('1h', '2024-02-01T00:00Z', 3);
const decode = (text: string) => decodeCsv(Buffer.from(text), NAME);
/** The values of the rows, read by the language's own functions. */
const expected = (rows: readonly string[]) => rows.map((row) => row.split(',').slice(0, 11).map(Number));

/** One good row with some fields (numbered from 0) put in another's place. */
function rowWith(fields: Readonly<Record<number, string>>): string {
  return ROWS[0]!
    .split(',')
    .map((text, field) => fields[field] ?? text)
    .join(',');
}

describe('archive CSV', () => {
  const body = ROWS.join('\n');
  test.each([
    ['with header', `${HEADER}\n${body}\n`],
    ['without header', `${body}\n`],
    ['without the last newline', body],
    ['with header, without the last newline', `${HEADER}\n${body}`],
    ['with CRLF', `${HEADER}\r\n${ROWS.join('\r\n')}\r\n`],
    ['with blank lines', `${HEADER}\n\n${ROWS.join('\n\n\n')}\n\n`],
    ['with blank CRLF lines', `${ROWS.join('\r\n\r\n')}\r\n\r\n`],
  ])('%s gives the same candles', (_, text) => {
    expect(valuesOf(decode(text))).toEqual(expected(ROWS));
  });

  test.each([
    ['nothing', ''],
    ['a header', HEADER],
    ['a header and a newline', `${HEADER}\n`],
  ])('of %s holds no candle', (_, text) => {
    expect(decode(text).length).toBe(0);
  });

  test('keeps the rows in the order of the file, repeated ones too', () => {
    const rows = [ROWS[2]!, ROWS[0]!, ROWS[1]!, ROWS[0]!];
    expect(valuesOf(decode(rows.join('\n')))).toEqual(expected(rows));
  });

  test('in microseconds is read in milliseconds', () => {
    const micro = ROWS.map((row) => {
      const fields = row.split(',');
      return [`${fields[0]}000`, ...fields.slice(1, 6), `${fields[6]}999`, ...fields.slice(7)].join(',');
    });
    expect(valuesOf(decode(micro.join('\n')))).toEqual(expected(ROWS));
  });

  test('does not depend on where in memory its bytes lie', () => {
    const bytes = Buffer.from(`xxx${body}yyy`);
    expect(valuesOf(decodeCsv(bytes.subarray(3, bytes.length - 3), NAME))).toEqual(expected(ROWS));
  });
});

describe('numbers', () => {
  // Volume is the column without an upper neighbour to compare with.
  const volumeOf = (text: string) => decode(rowWith({ 5: text })).volume[0];

  test('have the bits of Number(text)', () => {
    const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
    const decimal = fc.oneof(
      digits(1, 15),
      fc.tuple(digits(1, 8), digits(8, 8)).map((parts) => parts.join('.')),
      fc.tuple(digits(1, 12), digits(1, 12)).map((parts) => parts.join('.')),
      fc.tuple(digits(1, 25), digits(1, 40)).map((parts) => parts.join('.')),
      digits(15, 40),
      fc.double({ min: 1e-6, max: 1e20, noNaN: true }).map(String),
      fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value.toFixed(30)),
    );
    fc.assert(
      fc.property(decimal, (text) => {
        expect(Object.is(volumeOf(text), Number(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['0', 0],
    ['0.00000000', 0],
    ['000123.4500', 123.45],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740992],
    ['9007199254740995', 9007199254740996],
    ['90071992.54740993', 90071992.54740994],
    ['900719925.4740993', 900719925.4740993],
    ['0.1234567890123456789012345678', 0.12345678901234568],
    ['12345678901234567890123.5', 1.2345678901234568e22],
    ['0.000000000000000000000000000001', 1e-30],
    ['0.3', 0.3],
    ['29.08', 29.08],
  ])('%s is %d', (text, value) => {
    expect(volumeOf(text)).toBe(value);
  });
});

describe('a damaged row', () => {
  const fields = ROWS[0]!.split(',');
  test.each([
    ['11 fields', fields.slice(0, 11).join(','), 'has 11 fields, expected 12'],
    ['13 fields', `${ROWS[0]},7`, 'has 13 fields, expected 12'],
    ['one field', '1706745600000', 'has 1 fields, expected 12'],
    ['a comma at the end', `${ROWS[0]},`, 'has 13 fields, expected 12'],
    ['an empty field', rowWith({ 4: '' }), 'has field 5 that is no plain number'],
    ['an empty last field', rowWith({ 11: '' }), 'has field 12 that is no plain number'],
    ['text', rowWith({ 4: 'null' }), 'has field 5 that is no plain number'],
    ['NaN', rowWith({ 1: 'NaN' }), 'has field 2 that is no plain number'],
    ['Infinity', rowWith({ 5: 'Infinity' }), 'has field 6 that is no plain number'],
    ['a negative number', rowWith({ 5: '-1.5' }), 'has field 6 that is no plain number'],
    ['an exponent', rowWith({ 5: '1e5' }), 'has field 6 that is no plain number'],
    ['two points', rowWith({ 5: '1.2.3' }), 'has field 6 that is no plain number'],
    ['a point alone', rowWith({ 5: '.' }), 'has field 6 that is no plain number'],
    ['a space', rowWith({ 5: ' 1' }), 'has field 6 that is no plain number'],
    ['quotes', rowWith({ 5: '"1"' }), 'has field 6 that is no plain number'],
    ['semicolons', ROWS[0]!.replaceAll(',', ';'), 'has 1 fields, expected 12'],
    ['a second header', HEADER, 'has field 1 that is no plain number'],
  ])('%s is refused by row and file', (_, row, why) => {
    const text = `${HEADER}\n${ROWS[1]}\n${row}\n${ROWS[2]}\n`;
    expect(() => decode(text)).toThrow(UnexpectedFormat);
    expect(() => decode(text)).toThrow(`row 2 of ${NAME} ${why}`);
  });

  test('is refused at the end of the file too', () => {
    const cut = ROWS.join('\n').slice(0, -9);
    expect(() => decode(cut)).toThrow(UnexpectedFormat);
    expect(() => decode(cut)).toThrow(`row 3 of ${NAME} has`);
  });

  test.each([
    ['another header', HEADER.replace('count', 'trades')],
    ['a byte order mark', '\ufeff'],
    ['HTML', '<!DOCTYPE html><html></html>'],
    ['a blank first line', ''],
  ])('%s where the file begins is refused, saying what was expected', (_, line) => {
    expect(() => decode(`${line}\n${ROWS[0]}\n`)).toThrow(UnexpectedFormat);
    expect(() => decode(`${line}\n${ROWS[0]}\n`)).toThrow(`header of ${NAME} is '`);
  });

  test('is reported in a line of bounded length', () => {
    const long = '1,'.repeat(100_000);
    expect.assertions(2);
    try {
      decode(long);
    } catch (error) {
      expect(error).toBeInstanceOf(UnexpectedFormat);
      expect((error as Error).message.length).toBeLessThan(400);
    }
  });
});

describe('any bytes', () => {
  /** Either candles whose every value is a finite number, or UnexpectedFormat. */
  function check(bytes: Uint8Array): void {
    try {
      const candles = decodeCsv(bytes, NAME);
      expect(valuesOf(candles).flat().every(Number.isFinite)).toBe(true);
      expect(candles.length).toBeLessThanOrEqual(bytes.length / 23 + 1);
    } catch (error) {
      expect((error as Error).name).toBe('UnexpectedFormat');
    }
  }

  test('give candles or UnexpectedFormat', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
    const alphabet = fc.constantFrom(...'0123456789.,\n\r-eN" ');
    fc.assert(fc.property(fc.string({ unit: alphabet, maxLength: 300 }), (text) => check(Buffer.from(text))));
  });

  test('with one damaged byte, or cut anywhere, give candles or UnexpectedFormat', () => {
    const good = Buffer.from(`${HEADER}\n${ROWS.join('\n')}\n`);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Uint8Array.from(good);
        bytes[at] = byte;
        check(bytes);
      }),
      { numRuns: 500 },
    );
    for (let length = 0; length < good.length; length++) check(good.subarray(0, length));
  });

  test('of nothing but newlines take no more memory than rows could', () => {
    // A row has at least 23 bytes; room for one candle a newline would be 88 times the file.
    const bytes = Buffer.alloc(5_000_000, '\n');
    bytes[0] = 49;
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeCsv(bytes, NAME)).toThrow(UnexpectedFormat);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  });
});
