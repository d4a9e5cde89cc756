import fc from 'fast-check';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { decodeCsv } from '../../../lib/exchange/binance/decode-csv.ts';
import { decodeRest } from '../../../lib/exchange/binance/decode-rest.ts';
import { candleRows, restBody, valuesOf } from '../../support/candles.ts';

const NAME = 'landing/klines/…/page.json';
const ROWS = candleRows('1h', '2024-02-01T00:00Z', 3);
const decode = (text: string) => decodeRest(Buffer.from(text), NAME);
const good = () => JSON.parse(Buffer.from(restBody(ROWS)).toString()) as unknown[][];

/** A good answer with one field of its second row put in another's place, as JSON text. */
function withField(field: number, json: string): string {
  const rows = good();
  rows[1]![field] = '@';
  return JSON.stringify(rows).replace('"@"', json);
}

test('a klines answer gives the candles that the archive’s CSV of the same rows gives', () => {
  const candles = decodeRest(restBody(ROWS), NAME);
  expect(valuesOf(candles)).toEqual(valuesOf(decodeCsv(Buffer.from(ROWS.join('\n')), NAME)));
  expect(candles.length).toBe(3);
});

test('an empty answer holds no candle', () => {
  expect(decode('[]').length).toBe(0);
  expect(decode(' [ ] \n').length).toBe(0);
});

test('amounts have the bits of Number(text)', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{1,25}(\.[0-9]{1,25})?$/), (text) => {
      expect(Object.is(decode(withField(5, `"${text}"`)).volume[1], Number(text))).toBe(true);
    }),
  );
});

test.each([
  ['nothing', '', 'is not JSON'],
  ['HTML', '<html><body>503</body></html>', 'is not JSON'],
  ['half an answer', Buffer.from(restBody(ROWS)).toString().slice(0, -20), 'is not JSON'],
  ['an object', '{"code":-1121,"msg":"Invalid symbol."}', 'is not a JSON array'],
  ['null', 'null', 'is not a JSON array'],
  ['rows that are objects', '[{"open":1}]', 'is not an array of 12'],
  ['a row of 11', JSON.stringify(good().map((row) => row.slice(1))), 'row 1 of'],
  ['a row of 13', JSON.stringify(good().map((row) => [...row, 0])), 'row 1 of'],
  ['a row that is null', '[null]', 'row 1 of'],
])('%s is refused', (_, text, why) => {
  expect(() => decode(text)).toThrow(UnexpectedFormat);
  expect(() => decode(text)).toThrow(NAME);
  expect(() => decode(text)).toThrow(why);
});

test.each([
  ['null', 'null'],
  ['empty text', '""'],
  ['a blank', '" "'],
  ['hexadecimal', '"0x10"'],
  ['a negative amount', '"-1.5"'],
  ['an exponent', '"1e5"'],
  ['NaN', '"NaN"'],
  ['Infinity', '"Infinity"'],
  ['a word', '"null"'],
  ['true', 'true'],
  ['an array', '["1"]'],
  ['an object', '{"a":1}'],
  ['an object that cannot be printed', '{"toString":1,"valueOf":1}'],
  ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
])('%s in place of an amount is refused by row, field and name', (_, json) => {
  expect(() => decode(withField(5, json))).toThrow(UnexpectedFormat);
  expect(() => decode(withField(5, json))).toThrow(`row 2 of ${NAME} has field 6 that is no plain number`);
});

test.each([
  ['a negative number', 5, '-1'],
  ['a number too large', 5, '1e999'],
  ['microseconds', 0, '1706745600000000'],
  ['seconds', 0, '1706745600'],
])('%s is no candle', (_, field, json) => {
  expect(() => decode(withField(field, json))).toThrow(UnexpectedFormat);
  expect(() => decode(withField(field, json))).toThrow(`row 2 of ${NAME} is no candle`);
});

test('rows nested deeper than a stack goes are refused like any other', () => {
  const deep = `[${'['.repeat(50_000)}${']'.repeat(50_000)}]`;
  expect(() => decode(deep)).toThrow(UnexpectedFormat);
});

describe('any bytes', () => {
  function check(bytes: Uint8Array): void {
    try {
      const candles = decodeRest(bytes, NAME);
      expect(valuesOf(candles).flat().every(Number.isFinite)).toBe(true);
    } catch (error) {
      expect((error as Error).name).toBe('UnexpectedFormat');
    }
  }

  test('and any JSON give candles or UnexpectedFormat', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check));
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => check(Buffer.from(text))));
    const cell = fc.oneof(fc.jsonValue(), fc.nat(2e12), fc.nat(2e12).map(String));
    const rows = fc.array(fc.array(cell, { minLength: 12, maxLength: 12 }), { maxLength: 3 });
    fc.assert(fc.property(rows, (answer) => check(Buffer.from(JSON.stringify(answer)))));
  });

  test('with one damaged byte give candles or UnexpectedFormat', () => {
    const bytes = restBody(ROWS);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = byte;
        check(damaged);
      }),
      { numRuns: 500 },
    );
  });
});
