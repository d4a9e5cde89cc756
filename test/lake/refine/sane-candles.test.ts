import { CANDLE_COLUMNS, type CandleColumn, type Candles } from '../../../lib/domain/candles.ts';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import { decodeCsv } from '../../../lib/exchange/binance/decode-csv.ts';
import { assertSane } from '../../../lib/exchange/sane-candles.ts';
import { candleRows } from '../../support/candles.ts';

const candles = () => decodeCsv(Buffer.from(candleRows('1h', '2024-02-01T00:00Z', 3).join('\n')), 'x');

function withValues(values: Readonly<Partial<Record<CandleColumn, number>>>): Candles {
  const changed = candles();
  for (const [column, value] of Object.entries(values)) changed[column as CandleColumn][1] = value;
  return changed;
}

test.each(
  CANDLE_COLUMNS.flatMap((column) => [Number.NaN, Number.POSITIVE_INFINITY, -1].map((v) => [column, v] as const)),
)('%s %d is no candle', (column, value) => {
  expect(() => assertSane(withValues({ [column]: value }), 'a.zip')).toThrow(UnexpectedFormat);
  expect(() => assertSane(withValues({ [column]: value }), 'a.zip')).toThrow(
    new RegExp(`^row 2 of a.zip is no candle: .*${column} ${value}`),
  );
});

test.each([
  ['a high below the open', { open: 100, high: 99, low: 90, close: 95 }],
  ['a high below the close', { open: 95, high: 99, low: 90, close: 100 }],
  ['a low above the open', { open: 90, high: 99, low: 91, close: 95 }],
  ['a low above the close', { open: 95, high: 99, low: 91, close: 90 }],
  ['a close time before the open time', { closeTimeMs: Date.UTC(2024, 0, 1) }],
  ['a close time far away', { closeTimeMs: 1e15 }],
  ['a time before there was an exchange', { openTimeMs: Date.UTC(2016, 11, 31) }],
  ['seconds for milliseconds', { openTimeMs: 1_706_745_600 }],
  ['more trades than int32 holds', { trades: 2 ** 31 }],
])('%s is no candle', (_, values) => {
  expect(() => assertSane(withValues(values), 'a.zip')).toThrow(UnexpectedFormat);
});

test.each([
  ['a candle without trades', { volume: 0, quoteVolume: 0, trades: 0, takerBuyVolume: 0, takerBuyQuoteVolume: 0 }],
  ['a flat candle', { open: 5, high: 5, low: 5, close: 5 }],
  ['prices of zero', { open: 0, high: 0, low: 0, close: 0 }],
  ['one cut short to an instant', { closeTimeMs: Date.parse('2024-02-01T01:00Z') }],
  ['one that an outage drew out', { closeTimeMs: Date.parse('2024-02-01T09:00Z') }],
])('%s is one', (_, values) => {
  expect(() => assertSane(withValues(values), 'a.zip')).not.toThrow();
});
