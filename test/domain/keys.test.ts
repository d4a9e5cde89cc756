import fc from 'fast-check';
import { chunkName, parseRangeLabel, rangeLabel, SOURCES, type Source } from '../../lib/domain/chunk.ts';
import { BadInput } from '../../lib/domain/errors.ts';
import { INTERVALS } from '../../lib/domain/interval.ts';
import { MARKETS } from '../../lib/domain/market.ts';
import type { Series } from '../../lib/domain/series.ts';
import { DAY_MS, type TimeRange } from '../../lib/domain/time-range.ts';
import { archivePath, archiveRoot, hasDailyArchive } from '../../lib/exchange/binance/archive-path.ts';
import {
  checkpointKey,
  failureKey,
  type LandingId,
  landingKey,
  landingPrefix,
  manifestKey,
  parseFailureKey,
  parseReceiptKey,
  receiptKey,
  refineResultKey,
  runKey,
  tableKey,
} from '../../lib/lake/keys.ts';

const SERIES: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };
const SHA = 'ab'.repeat(32);

const series = fc.record({
  market: fc.constantFrom(...MARKETS),
  symbol: fc.constantFrom('BTCUSDT', 'BTCUSD_PERP', '币安人生USDT', '1000SHIBUSDT'),
  interval: fc.constantFrom(...INTERVALS),
});
const month = fc.tuple(fc.integer({ min: 2017, max: 2099 }), fc.integer({ min: 0, max: 11 }));
const RANGES: Record<Source, fc.Arbitrary<TimeRange>> = {
  archive_monthly: month.map(([y, m]) => ({ fromMs: Date.UTC(y, m, 1), toMs: Date.UTC(y, m + 1, 1) })),
  archive_daily: fc
    .integer({ min: Date.UTC(2017, 0, 1) / DAY_MS, max: Date.UTC(2099, 0, 1) / DAY_MS })
    .map((day) => ({ fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS })),
  rest: fc
    .tuple(fc.integer({ min: 1_483_228_800, max: 4_000_000_000 }), fc.integer({ min: 1, max: 1e8 }))
    .map(([second, length]) => ({ fromMs: second * 1000, toMs: (second + length) * 1000 })),
};
const place = fc.constantFrom(...SOURCES).chain((source) => RANGES[source].map((range) => ({ source, range })));

describe('range labels', () => {
  test('say the month, the day, or both ends', () => {
    const fromMs = Date.UTC(2024, 1, 1);
    expect(rangeLabel('archive_monthly', { fromMs, toMs: Date.UTC(2024, 2, 1) })).toBe('2024-02');
    expect(rangeLabel('archive_daily', { fromMs, toMs: fromMs + DAY_MS })).toBe('2024-02-01');
    expect(rangeLabel('rest', { fromMs, toMs: fromMs + 29_940_000 })).toBe('20240201T000000Z-20240201T081900Z');
    expect(
      chunkName({ series: SERIES, source: 'archive_monthly', range: { fromMs, toMs: Date.UTC(2024, 2, 1) } }),
    ).toBe('um/BTCUSDT/15m archive_monthly 2024-02');
  });

  test('read back as what was printed', () => {
    fc.assert(
      fc.property(place, ({ source, range }) => {
        expect(parseRangeLabel(source, rangeLabel(source, range))).toEqual(range);
      }),
    );
  });

  test.each([
    ['archive_monthly', '2024'],
    ['archive_monthly', '2024-13'],
    ['archive_monthly', '2024-00'],
    ['archive_monthly', '2024-02-01'],
    ['archive_daily', '2024-02'],
    ['archive_daily', '2024-99-99'],
    ['archive_daily', '2023-02-29'],
    ['rest', '2024-02-01'],
    ['rest', '20240201T000000Z'],
    ['rest', '20240201T990000Z-20240201T081900Z'],
    ['rest', '20240230T000000Z-20240301T000000Z'],
    ['rest', '../../etc'],
  ] as const)('%s %j is not a range', (source, label) => {
    expect(() => parseRangeLabel(source, label)).toThrow(BadInput);
    expect(() => parseRangeLabel(source, label)).toThrow(`got '${label}'`);
  });
});

describe('keys', () => {
  test('are the lake’s published layout', () => {
    const folders = 'market=um/symbol=BTCUSDT/interval=15m';
    expect(tableKey('candles', SERIES, '2024')).toBe(`candles/${folders}/period=2024/candles.parquet`);
    expect(tableKey('features', SERIES, '2024')).toBe(`features/${folders}/period=2024/features.parquet`);
    expect(tableKey('labels', SERIES, '2024')).toBe(`labels/${folders}/period=2024/labels.parquet`);
    expect(tableKey('gaps', SERIES, '2024')).toBe(`gaps/${folders}/period=2024/gaps.parquet`);
    expect(checkpointKey(SERIES, '2024')).toBe(`checkpoints/${folders}/period=2024/checkpoint.bin`);
    expect(manifestKey(SERIES, '2024')).toBe(`manifests/${folders}/period=2024/manifest.json`);
    expect(runKey('r', 'plan.json')).toBe('runs/r/plan.json');
    expect(refineResultKey('r', SERIES)).toBe('runs/r/refine/um_BTCUSDT_15m.json');
    const range = { fromMs: Date.UTC(2024, 1, 1), toMs: Date.UTC(2024, 2, 1) };
    const id: LandingId = { series: SERIES, source: 'archive_monthly', range, sha256: SHA };
    expect(landingKey(id)).toBe(`landing/klines/${folders}/source=archive_monthly/2024-02/${SHA}.zip`);
    expect(receiptKey(id)).toBe(`landing/klines/${folders}/source=archive_monthly/2024-02/${SHA}.receipt.json`);
    expect(landingKey({ ...id, source: 'rest' })).toMatch(/\.json$/);
  });

  test('of receipts read back; those of the bytes beside them are no receipts', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(series, place, hex, (one, { source, range }, sha256) => {
        const id = { series: one, source, range, sha256 };
        expect(parseReceiptKey(one, receiptKey(id))).toEqual(id);
        expect(parseReceiptKey(one, landingKey(id))).toBeUndefined();
      }),
    );
  });

  test('of failures read back, and are no receipts, nor receipts failures', () => {
    fc.assert(
      fc.property(series, place, (one, { source, range }) => {
        const chunk = { series: one, source, range };
        expect(parseFailureKey(one, failureKey(chunk))).toEqual(chunk);
        expect(parseReceiptKey(one, failureKey(chunk))).toBeUndefined();
        expect(parseFailureKey(one, receiptKey({ ...chunk, sha256: SHA }))).toBeUndefined();
      }),
    );
    const range = { fromMs: Date.UTC(2024, 1, 1), toMs: Date.UTC(2024, 2, 1) };
    const key = failureKey({ series: SERIES, source: 'archive_monthly', range });
    expect(key).toBe(`${landingPrefix(SERIES)}source=archive_monthly/2024-02/failed.json`);
    expect(parseFailureKey({ ...SERIES, symbol: 'ETHUSDT' }, key)).toBeUndefined();
    expect(parseFailureKey(SERIES, key.replace('archive_monthly', 'archive_yearly'))).toBeUndefined();
  });

  test('of another series, another source or of anything else are no receipts', () => {
    const range = { fromMs: Date.UTC(2024, 1, 1), toMs: Date.UTC(2024, 2, 1) };
    const key = receiptKey({ series: SERIES, source: 'archive_monthly', range, sha256: SHA });
    expect(parseReceiptKey({ ...SERIES, symbol: 'ETHUSDT' }, key)).toBeUndefined();
    expect(parseReceiptKey(SERIES, key.replace('archive_monthly', 'archive_yearly'))).toBeUndefined();
    expect(parseReceiptKey(SERIES, `${landingPrefix(SERIES)}.DS_Store`)).toBeUndefined();
    expect(parseReceiptKey(SERIES, '')).toBeUndefined();
  });

  test('of two landed objects are equal only if series, source, range and bytes are equal', () => {
    const landing = fc.tuple(series, place, fc.constantFrom(SHA, 'cd'.repeat(32)));
    const idOf = ([one, { source, range }, sha256]: [Series, { source: Source; range: TimeRange }, string]) =>
      ({ series: one, source, range, sha256 }) satisfies LandingId;
    fc.assert(
      fc.property(landing, landing, (a, b) => {
        const same = JSON.stringify(idOf(a)) === JSON.stringify(idOf(b));
        expect(landingKey(idOf(a)) === landingKey(idOf(b))).toBe(same);
      }),
    );
  });
});

describe('archive paths', () => {
  const range = { fromMs: Date.UTC(2024, 1, 1), toMs: Date.UTC(2024, 2, 1) };
  test.each([
    [SERIES, 'archive_monthly', 'data/futures/um/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-2024-02.zip'],
    [SERIES, 'archive_daily', 'data/futures/um/daily/klines/BTCUSDT/15m/BTCUSDT-15m-2024-02-01.zip'],
    [{ ...SERIES, market: 'spot' }, 'archive_monthly', 'data/spot/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-2024-02.zip'],
    [
      { ...SERIES, interval: '1M' },
      'archive_monthly',
      'data/futures/um/monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2024-02.zip',
    ],
    [
      { ...SERIES, interval: '1m' },
      'archive_monthly',
      'data/futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-02.zip',
    ],
    [
      { market: 'cm', symbol: 'BTCUSD_PERP', interval: '1d' },
      'archive_daily',
      'data/futures/cm/daily/klines/BTCUSD_PERP/1d/BTCUSD_PERP-1d-2024-02-01.zip',
    ],
  ] as const)('%j %s', (one, source, path) => {
    expect(archivePath(one, source, range)).toBe(path);
  });

  test('begin at a folder for each market, and days are not archived for the longest intervals', () => {
    expect(archiveRoot('sim', 'archive_daily')).toBe('data/futures/um/daily/klines/');
    expect(INTERVALS.filter((word) => !hasDailyArchive(word))).toEqual(['3d', '1w', '1M']);
  });
});

describe('failure keys', () => {
  const february = { fromMs: Date.UTC(2024, 1, 1), toMs: Date.UTC(2024, 2, 1) };

  test('stand where the bytes would have landed', () => {
    expect(failureKey({ series: SERIES, source: 'archive_monthly', range: february })).toBe(
      'landing/klines/market=um/symbol=BTCUSDT/interval=15m/source=archive_monthly/2024-02/failed.json',
    );
  });

  test('read back as they were written, and are no receipts', () => {
    fc.assert(
      fc.property(series, place, (own, { source, range }) => {
        const key = failureKey({ series: own, source, range });
        expect(parseFailureKey(own, key)).toEqual({ series: own, source, range });
        expect(parseReceiptKey(own, key)).toBeUndefined();
      }),
    );
  });

  test('receipts, bytes and keys of other series are not read as one', () => {
    const id: LandingId = { series: SERIES, source: 'archive_monthly', range: february, sha256: SHA };
    expect(parseFailureKey(SERIES, receiptKey(id))).toBeUndefined();
    expect(parseFailureKey(SERIES, landingKey(id))).toBeUndefined();
    expect(parseFailureKey({ ...SERIES, interval: '5m' }, failureKey(id))).toBeUndefined();
    expect(parseFailureKey(SERIES, `${landingPrefix(SERIES)}source=elsewhere/2024-02/failed.json`)).toBeUndefined();
  });
});
