import fc from 'fast-check';
import { floorOpenTime, INTERVALS, type Interval, nextOpenTime, nominalMs } from '../../lib/domain/interval.ts';
import { DAY_MS } from '../../lib/domain/time-range.ts';
import type { WireMarket } from '../../lib/exchange/simulated/candle-source.ts';
import { seededCandles } from '../../lib/exchange/simulated/seeded-candles.ts';
import { SYMBOLS } from '../../lib/exchange/simulated/symbols.ts';
import { MINUTE_MS } from '../support/time.ts';

const source = seededCandles(7);

interface Parsed {
  openMs: number;
  closeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  quote: number;
  count: number;
  takerVolume: number;
  takerQuote: number;
}

function parse(row: string): Parsed {
  const [openMs, open, high, low, close, volume, closeMs, quote, count, takerVolume, takerQuote] = row
    .split(',')
    .map(Number);
  return { openMs, closeMs, open, high, low, close, volume, quote, count, takerVolume, takerQuote };
}

// One expectation a candle would be most of the time this suite takes: the first thing wrong is named instead.
function firstWrong(rows: readonly string[], interval: Interval): string | undefined {
  let previous: Parsed | undefined;
  for (const row of rows) {
    const c = parse(row);
    const flat = c.high === c.open && c.low === c.open && c.close === c.open && c.quote === 0 && c.takerVolume === 0;
    const laws = {
      'twelve plain decimals': /^(\d+(\.\d+)?,){11}0$/.test(row),
      'opens on the grid': c.openMs === floorOpenTime(interval, c.openMs),
      'closes before the next': c.closeMs === nextOpenTime(interval, c.openMs) - 1,
      'prices above zero': c.low > 0,
      'low is lowest': c.low <= Math.min(c.open, c.close),
      'high is highest': c.high >= Math.max(c.open, c.close),
      'takers are part of the volume': c.takerVolume <= c.volume && c.takerQuote <= c.quote,
      'trades are whole': Number.isInteger(c.count),
      'volume if there are trades': c.count === 0 ? c.volume === 0 && flat : c.volume > 0,
      'no hole': !previous || c.openMs === previous.closeMs + 1,
      'opens at the previous close': !previous || c.open === previous.close,
    };
    for (const [law, holds] of Object.entries(laws)) if (!holds) return `${law}: ${row}`;
    previous = c;
  }
  return undefined;
}

const anySeries = fc
  .constantFrom<WireMarket>('um', 'cm', 'spot')
  .chain((market) =>
    fc.record({ market: fc.constant(market), symbol: fc.constantFrom(...SYMBOLS[market].map((s) => s.symbol)) }),
  );
const anyTime = fc.integer({ min: Date.UTC(2017, 0, 1), max: Date.UTC(2028, 0, 1) });
const anyInterval = fc.constantFrom(...INTERVALS);
// Candles in a few dozen so that monthly ones do not take the whole test.
const windowMs = (interval: Interval) => Math.min(40 * nominalMs(interval), 35 * DAY_MS);

test('every candle is one that could be: prices, volumes, times, no holes, open = previous close', () => {
  fc.assert(
    fc.property(anySeries, anyInterval, anyTime, ({ market, symbol }, interval, fromMs) => {
      const series = { market, symbol, interval };
      const rows = source.rows(series, { fromMs, toMs: fromMs + windowMs(interval) });
      expect(firstWrong(rows, interval)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test('a row does not depend on the range it is asked in, nor on what was asked before', () => {
  fc.assert(
    fc.property(anySeries, anyInterval, anyTime, fc.nat(100), ({ market, symbol }, interval, fromMs, cut) => {
      const series = { market, symbol, interval };
      const toMs = fromMs + windowMs(interval);
      const middleMs = fromMs + Math.floor(((toMs - fromMs) * cut) / 100);
      const whole = source.rows(series, { fromMs, toMs });
      const parts = [
        ...source.rows(series, { fromMs: middleMs, toMs }),
        ...source.rows(series, { fromMs, toMs: middleMs }),
      ];
      expect(parts.sort()).toEqual([...whole].sort());
      expect(seededCandles(7).rows(series, { fromMs, toMs })).toEqual(whole);
      expect(source.has(series, { fromMs, toMs })).toBe(whole.length > 0);
    }),
    { numRuns: 40 },
  );
});

test.each(['3m', '15m', '1h', '4h', '1d', '3d', '1w'] as const)('%s candles are made of minutes', (interval) => {
  // Recomputed from the minutes' texts, in decimals.
  const openMs = floorOpenTime(interval, Date.parse('2023-11-15T07:00Z'));
  const range = { fromMs: openMs, toMs: nextOpenTime(interval, openMs) };
  for (const symbol of ['BTCUSDT', 'ALGOUSDT']) {
    const [coarse] = source.rows({ market: 'um', symbol, interval }, range).map(parse);
    const minutes = source.rows({ market: 'um', symbol, interval: '1m' }, range).map(parse);
    const sum = (pick: (c: Parsed) => number) => minutes.reduce((total, c) => total + pick(c), 0);
    expect(coarse.open).toBe(minutes[0].open);
    expect(coarse.close).toBe(minutes.at(-1)!.close);
    expect(coarse.high).toBe(Math.max(...minutes.map((c) => c.high)));
    expect(coarse.low).toBe(Math.min(...minutes.map((c) => c.low)));
    expect(coarse.count).toBe(sum((c) => c.count));
    expect(coarse.volume / sum((c) => c.volume)).toBeCloseTo(1, 10);
    expect(coarse.quote / sum((c) => c.quote)).toBeCloseTo(1, 10);
    expect(coarse.takerVolume / sum((c) => c.takerVolume)).toBeCloseTo(1, 10);
  }
});

describe('returns look like returns', () => {
  const returnsOf = (interval: Interval, days: number) => {
    const fromMs = Date.parse('2023-01-01');
    const candles = source.rows(
      { market: 'um', symbol: 'BTCUSDT', interval },
      { fromMs, toMs: fromMs + days * DAY_MS },
    );
    return candles.map(parse).map((c) => Math.log(c.close / c.open));
  };
  const sd = (values: number[]) => Math.sqrt(values.reduce((total, v) => total + v * v, 0) / values.length);
  const minutes = returnsOf('1m', 60);

  test('about 0.05 % a minute, growing with the square root of time', () => {
    expect(sd(minutes)).toBeGreaterThan(0.0003);
    expect(sd(minutes)).toBeLessThan(0.0008);
    expect(sd(returnsOf('1h', 120)) / sd(returnsOf('1m', 120)) / Math.sqrt(60)).toBeCloseTo(1, 1);
  });

  test('no memory in the sign, memory in the size, fat tails', () => {
    const correlation = (values: number[], lag: number) => {
      const mean = values.reduce((total, v) => total + v, 0) / values.length;
      let [over, under] = [0, 0];
      values.forEach((v, i) => {
        under += (v - mean) ** 2;
        if (i >= lag) over += (v - mean) * (values[i - lag] - mean);
      });
      return over / under;
    };
    expect(Math.abs(correlation(minutes, 1))).toBeLessThan(0.02);
    expect(correlation(minutes.map(Math.abs), 30)).toBeGreaterThan(0.05);
    const kurtosis = minutes.reduce((total, v) => total + v ** 4, 0) / minutes.length / sd(minutes) ** 4;
    expect(kurtosis).toBeGreaterThan(3.3);
  });

  test('more is traded when Europe and America are awake', () => {
    const byHour = new Float64Array(24);
    const fromMs = Date.parse('2023-01-01');
    for (const c of source
      .rows({ market: 'um', symbol: 'BTCUSDT', interval: '1h' }, { fromMs, toMs: fromMs + 90 * DAY_MS })
      .map(parse)) {
      byHour[new Date(c.openMs).getUTCHours()] += c.volume;
    }
    expect(byHour[14]).toBeGreaterThan(1.3 * byHour[4]);
  });
});

test('a small symbol has minutes without trades, a large one none', () => {
  const idle = (symbol: string) =>
    source
      .rows(
        { market: 'um', symbol, interval: '1m' },
        { fromMs: Date.parse('2024-09-01'), toMs: Date.parse('2024-09-08') },
      )
      .map(parse)
      .filter((c) => c.count === 0).length;
  expect(idle('ALGOUSDT')).toBeGreaterThan(50);
  expect(idle('BTCUSDT')).toBe(0);
});

test('a symbol trades from its listing to its end, to the minute', () => {
  const all = { fromMs: Date.UTC(2019, 0, 1), toMs: Date.UTC(2026, 0, 1) };
  const end = Date.parse('2022-05-13T01:30Z');
  const last = source.rows(
    { market: 'um', symbol: 'LUNAUSDT', interval: '1m' },
    { fromMs: end - 5 * MINUTE_MS, toMs: all.toMs },
  );
  expect(last.map((row) => parse(row).openMs)).toEqual([5, 4, 3, 2, 1].map((m) => end - m * MINUTE_MS));
  const weeks = source.rows({ market: 'um', symbol: 'LUNAUSDT', interval: '1w' }, all).map(parse);
  expect(weeks[0].openMs).toBe(Date.parse('2020-08-24'));
  expect(weeks.at(-1)!.openMs).toBe(Date.parse('2022-05-09'));
  expect(source.rows({ market: 'um', symbol: 'NOTAREALSYM', interval: '1w' }, all)).toEqual([]);
});
