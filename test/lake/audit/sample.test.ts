import fc from 'fast-check';
import type { Source } from '../../../lib/domain/chunk.ts';
import { parseRangeLabel, rangeLabel } from '../../../lib/domain/chunk.ts';
import { INTERVALS, nextOpenTime } from '../../../lib/domain/interval.ts';
import type { Series } from '../../../lib/domain/series.ts';
import { pickSample, seededRandom, seedOf } from '../../../lib/lake/audit/sample.ts';
import { sampleQuestions, sampleUnits } from '../../../lib/lake/audit/sample-unit.ts';
import type { LandingId } from '../../../lib/lake/keys.ts';
import { DAY_MS } from '../../support/time.ts';

const series = (interval: Series['interval']): Series => ({ market: 'um', symbol: 'BTCUSDT', interval });

test('the seed is the day', () => {
  expect(seedOf(Date.parse('2024-03-05T23:59:59Z'))).toBe(20240305);
});

test('a sample has so many items, each once, in their order, and the same seed gives the same', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(80), fc.nat(), (length, size, seed) => {
      const items = Array.from({ length }, (_, index) => index);
      const sample = pickSample(items, size, seededRandom(seed, 'a'));
      expect(sample).toHaveLength(Math.min(length, size));
      expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
      expect(pickSample(items, size, seededRandom(seed, 'a'))).toEqual(sample);
      expect(pickSample(items, 'all', seededRandom(seed, 'a'))).toEqual(items);
    }),
  );
});

test('every item is as likely as any other', () => {
  const random = seededRandom(1, 'likely');
  const counts = new Array<number>(10).fill(0);
  for (let round = 0; round < 10_000; round++) {
    for (const item of pickSample([...counts.keys()], 3, random)) counts[item]!++;
  }
  // 3,000 each, σ = √(10,000 · 0.3 · 0.7) ≈ 46.
  for (const count of counts) expect(Math.abs(count - 3_000)).toBeLessThan(5 * 46);
});

test('units of any interval cover its candles, one behind the other', () => {
  const candles = { fromMs: Date.parse('2024-01-31T08:00Z'), toMs: Date.parse('2024-03-04T12:00Z') };
  for (const interval of INTERVALS) {
    const units = sampleUnits(series(interval), candles);
    expect(units[0]!.fromMs).toBeLessThanOrEqual(candles.fromMs);
    expect(units.at(-1)!.toMs).toBeGreaterThanOrEqual(candles.toMs);
    for (const [index, unit] of units.entries()) if (index > 0) expect(unit.fromMs).toBe(units[index - 1]!.toMs);
  }
});

describe('who is asked about a day', () => {
  const day = { fromMs: Date.parse('2024-02-10'), toMs: Date.parse('2024-02-11') };
  const candles = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-02-20T06:00Z') };
  const ask = (interval: Series['interval'], landed: readonly [Source, string][], unit = day, now = '2024-03-05') =>
    sampleQuestions(series(interval), unit, {
      candles,
      landed: landed.map(
        ([source, label]): LandingId => ({
          series: series(interval),
          source,
          range: parseRangeLabel(source, label),
          sha256: '',
        }),
      ),
      nowMs: Date.parse(now),
      whole: false,
      random: () => 0.5,
    }).map(({ source, range }) => `${source} ${rangeLabel(source, range)}`);
  const REST_HOUR = 'rest 20240210T120000Z-20240210T130000Z';
  const REST_DAY = 'rest 20240210T000000Z-20240211T000000Z';

  test.each<[string, Series['interval'], [Source, string][], string[]]>([
    ['monthly landed', '1m', [['archive_monthly', '2024-02']], ['archive_daily 2024-02-10', REST_HOUR]],
    ['daily landed', '1m', [['archive_daily', '2024-02-10']], ['archive_monthly 2024-02', REST_HOUR]],
    [
      'REST landed',
      '1m',
      [['rest', '20240210T000000Z-20240211T000000Z']],
      ['archive_monthly 2024-02', 'archive_daily 2024-02-10'],
    ],
    [
      'all landed',
      '1m',
      [
        ['archive_monthly', '2024-02'],
        ['archive_daily', '2024-02-10'],
        ['rest', '20240201T000000Z-20240220T000000Z'],
      ],
      [],
    ],
    ['an hour would be one candle', '1h', [['archive_monthly', '2024-02']], ['archive_daily 2024-02-10', REST_DAY]],
    ['no daily files', '3d', [['archive_monthly', '2024-02']], [REST_DAY]],
  ])('%s', (_, interval, landed, asked) => {
    expect(ask(interval, landed)).toEqual(asked);
  });

  test('not the archive about a month or a day that is not over, nor REST about what the lake has no candle of', () => {
    const last = { fromMs: Date.parse('2024-02-20'), toMs: Date.parse('2024-02-21') };
    expect(ask('1h', [], last, '2024-02-20T07:00Z')).toEqual(['rest 20240220T000000Z-20240220T060000Z']);
    expect(ask('1m', [], last, '2024-02-20T07:00Z')).toEqual([]);
    expect(last.toMs - last.fromMs).toBe(DAY_MS);
    expect(nextOpenTime('1d', last.fromMs)).toBe(last.toMs);
  });
});
