import fc from 'fast-check';
import { BadInput } from '../../lib/domain/errors.ts';
import { INTERVALS } from '../../lib/domain/interval.ts';
import { MARKETS, parseMarket } from '../../lib/domain/market.ts';
import { parseSeriesPath, parseSymbol, seriesName, seriesPath } from '../../lib/domain/series.ts';

describe('symbols', () => {
  test.each([
    ['BTCUSDT', 'BTCUSDT'],
    ['btcusdt', 'BTCUSDT'],
    [' ethusdt ', 'ETHUSDT'],
    ['1000SHIBUSDT', '1000SHIBUSDT'],
    ['BTCUSD_PERP', 'BTCUSD_PERP'],
    ['BTCUSDT_240628', 'BTCUSDT_240628'],
    ['币安人生USDT', '币安人生USDT'],
    ['我踏马来了usdt', '我踏马来了USDT'],
  ])('%j is %s', (text, symbol) => {
    expect(parseSymbol(text)).toBe(symbol);
  });

  test.each([
    ...['', ' ', '.', '..', '../etc', '../../x', 'BTC/USDT', 'BTC\\USDT', '/BTC', 'BTC USDT', 'BTC-USDT', 'BTC=USDT'],
    ...[
      'BTC%2F',
      'BTC\0USDT',
      'BTC\nUSDT',
      '_BTC',
      "BTC'--",
      'BTC"',
      'BTC*',
      'BTC?',
      '[BTC]',
      '{a,b}',
      '$BTC',
      '😀USDT',
    ],
    ...['BTC\u202eUSDT', 'BTC\u200bUSDT', '\ufeff\u0301', 'A'.repeat(41)],
  ])('%j is not a symbol', (text) => {
    expect(() => parseSymbol(text)).toThrow(BadInput);
    expect(() => parseSymbol(text)).toThrow(`got '${text}'`);
  });

  test('whatever is taken stays one folder name, is taken again and stays the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w币安ß./=ǆ]{1,12}$/)), (text) => {
        let symbol: string;
        try {
          symbol = parseSymbol(text);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
          return;
        }
        expect(symbol).not.toMatch(/[/\\=.\s'"*?[\]{}%$\p{C}]/u);
        expect(parseSymbol(symbol)).toBe(symbol);
      }),
      { numRuns: 500 },
    );
  });
});

test('markets are four', () => {
  expect(MARKETS.map(parseMarket)).toEqual(['um', 'cm', 'spot', 'sim']);
  expect(() => parseMarket('futures')).toThrow("market must be one of um, cm, spot, sim, got 'futures'");
});

describe('series', () => {
  const series = fc.record({
    market: fc.constantFrom(...MARKETS),
    symbol: fc.stringMatching(/^[A-Z0-9币安][A-Z0-9_币安]{0,39}$/),
    interval: fc.constantFrom(...INTERVALS),
  });

  test('paths are Hive folders and read back', () => {
    expect(seriesPath({ market: 'um', symbol: 'BTCUSDT', interval: '1M' })).toBe(
      'market=um/symbol=BTCUSDT/interval=1M',
    );
    fc.assert(fc.property(series, (one) => expect(parseSeriesPath(seriesPath(one))).toEqual(one)));
  });

  test('names differ where series do', () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        expect(seriesName(a) === seriesName(b)).toBe(seriesPath(a) === seriesPath(b));
      }),
    );
  });

  test.each([
    '',
    'market=um/symbol=BTCUSDT',
    'market=um/symbol=BTCUSDT/interval=15m/',
    'market=um/symbol=BTCUSDT/interval=15m/period=2024',
    'market=um/symbol=../interval=15m',
    'market=xx/symbol=BTCUSDT/interval=15m',
    'market=um/symbol=BTCUSDT/interval=7m',
    'symbol=BTCUSDT/market=um/interval=15m',
  ])('%j is no path of a series', (path) => {
    expect(() => parseSeriesPath(path)).toThrow(BadInput);
  });
});
