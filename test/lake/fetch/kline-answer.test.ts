import fc from 'fast-check';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { decodeRest } from '../../../lib/exchange/binance/decode-rest.ts';
import { openTimesOf } from '../../../lib/exchange/binance/kline-answer.ts';

const URL = 'https://fapi.example/fapi/v1/klines';
const WINDOW = { fromMs: 1_789_478_160_000, toMs: 1_789_478_340_000 };
// Recorded from fapi.binance.com in 2026-09: three rows as sent.
const RECORDED =
  '[[1789478160000,"76936.20","76965.50","76936.10","76965.40","20.680",1789478219999,' +
  '"1591436.27140",878,"15.190","1168938.63310","0"],' +
  '[1789478220000,"76965.50","76971.40","76950.90","76953.60","65.132",1789478279999,' +
  '"5013044.70040",942,"12.866","990128.82690","0"],' +
  '[1789478280000,"76953.60","76957.30","76914.90","76914.90","28.720",1789478339999,' +
  '"2209840.15800",850,"13.799","1061850.96740","0"]]';

function read(text: string, window = WINDOW): number[] {
  return openTimesOf(new TextEncoder().encode(text), '1m', window, URL);
}

describe('openTimesOf', () => {
  test('reads the open times of an answer as recorded, of an empty one, and of rows sent twice', () => {
    expect(read(RECORDED)).toEqual([1_789_478_160_000, 1_789_478_220_000, 1_789_478_280_000]);
    expect(read('[]')).toEqual([]);
    const rows = JSON.parse(RECORDED) as unknown[];
    expect(read(JSON.stringify([rows[0], rows[0], rows[1]]))).toHaveLength(3);
  });

  const rows = JSON.parse(RECORDED) as unknown[][];
  const bad: [string, string, RegExp][] = [
    ['no JSON', '<html>', /^https:.* must answer JSON, got '<html>'$/],
    ['an object', '{"code":0}', /must answer an array, got {"code":0}$/],
    ['a row that is a number', '[7]', /^row 0 of https.* must be an array of 12 fields, got 7$/],
    ['a short row', JSON.stringify([rows[0], rows[1]!.slice(0, 11)]), /^row 1 of .* 12 fields/],
    ['an extra column', JSON.stringify([[...rows[0]!, '0']]), /^row 0 of .* 12 fields/],
    [
      'a price that is not a number',
      JSON.stringify([rows[0]!.with(1, 'NaN')]),
      /^row 0 .* field 2 that is no plain number: "NaN"$/,
    ],
    ['a price that is not there', JSON.stringify([rows[0]!.with(4, null)]), /^row 0 .* field 5 .*: null$/],
    ['an empty price', JSON.stringify([rows[0]!.with(4, '')]), /^row 0 .* field 5 .*: ""$/],
    ['a negative volume', JSON.stringify([rows[0]!.with(5, '-3')]), /^row 0 .* field 6 that is no plain number: "-3"$/],
    ['a high below the low', JSON.stringify([rows[0]!.with(2, '0.01')]), /^row 0 .* is no candle/],
    ['more trades than there can be', JSON.stringify([rows[0]!.with(8, 2 ** 31)]), /^row 0 .* is no candle/],
    [
      'a textual open time',
      JSON.stringify([['1789478160000', ...rows[0]!.slice(1)]]),
      /^row 0 .*open time in milliseconds/,
    ],
    ['microseconds', JSON.stringify([[1789478160000000, ...rows[0]!.slice(1)]]), /^row 0 .* must open within/],
    [
      'a candle off the grid',
      JSON.stringify([[1_789_478_190_000, ...rows[0]!.slice(1)]]),
      /^row 0 .* must open a whole 1m, got 2026-09-15T13:16:30Z$/,
    ],
    ['rows out of order', JSON.stringify([rows[1], rows[0]]), /^row 1 .* must not open before the row before/],
  ];
  test.each(['1d', '3d', '1w', '1M'] as const)('takes %s on another grid than ours, and one in each', (interval) => {
    const window = { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2025-01-01') };
    const opening = (...times: readonly string[]) =>
      openTimesOf(
        new TextEncoder().encode(JSON.stringify(times.map((time) => rows[0]!.with(0, Date.parse(time))))),
        interval,
        window,
        URL,
      );
    expect(opening('2024-02-06T08:00Z', '2024-03-16T08:00Z')).toHaveLength(2);
    expect(() => opening('2024-02-06T00:00Z', '2024-02-06T08:00Z')).toThrow(
      `row 1 of ${URL} must open another ${interval} than the row before, got 2024-02-06T08:00:00Z`,
    );
  });

  test.each(bad)('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(UnexpectedFormat);
    expect(() => read(text)).toThrow(message);
  });

  test('refuses a candle outside the window asked for', () => {
    expect(() => read(RECORDED, { ...WINDOW, toMs: 1_789_478_280_000 })).toThrow(/^row 2 .* must open within/);
    expect(() => read(RECORDED, { ...WINDOW, fromMs: 1_789_478_220_000 })).toThrow(/^row 0 .* must open within/);
  });

  test('what it lets land, refine can read: the same row, one field replaced', () => {
    const field = fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.constantFrom(null, '1e5', '0x10', ' 1', '1.', '.5'),
    );
    fc.assert(
      fc.property(fc.nat(11), field, (at, value) => {
        const text = JSON.stringify([rows[0]!.with(at, value)]);
        try {
          read(text);
        } catch {
          return;
        }
        expect(decodeRest(new TextEncoder().encode(text), 'answer').length).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('never throws anything but UnexpectedFormat', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UnexpectedFormat);
        }
      }),
    );
  });
});
