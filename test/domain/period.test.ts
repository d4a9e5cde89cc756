import fc from 'fast-check';
import { INTERVALS, nominalMs } from '../../lib/domain/interval.ts';
import { parsePeriod, periodOf, periodRange, periodsIn } from '../../lib/domain/period.ts';
import { DAY_MS, isoTime } from '../../lib/domain/time-range.ts';

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 0, 1) });

test('months for 1m and 3m, years up to 12h, one for all from 1d on', () => {
  const timeMs = Date.parse('2024-02-29T23:59:59.999Z');
  const byWord = Object.fromEntries(INTERVALS.map((word) => [word, periodOf(word, timeMs)]));
  expect(byWord).toEqual({
    ...{ '1m': '2024-02', '3m': '2024-02', '5m': '2024', '15m': '2024', '30m': '2024', '1h': '2024', '2h': '2024' },
    ...{ '4h': '2024', '6h': '2024', '8h': '2024', '12h': '2024', '1d': 'all', '3d': 'all', '1w': 'all', '1M': 'all' },
  });
});

test('a period’s range is its month or year, half-open', () => {
  const printed = (period: string) => [isoTime(periodRange(period).fromMs), isoTime(periodRange(period).toMs)];
  expect(printed('2024-12')).toEqual(['2024-12-01T00:00:00Z', '2025-01-01T00:00:00Z']);
  expect(printed('2024')).toEqual(['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z']);
  expect(periodRange('all')).toEqual({ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY });
});

test('an instant lies in the range of its period', () => {
  fc.assert(
    fc.property(fc.constantFrom(...INTERVALS), instant, (word, timeMs) => {
      const { fromMs, toMs } = periodRange(periodOf(word, timeMs));
      expect(fromMs <= timeMs && timeMs < toMs).toBe(true);
    }),
  );
});

test('the periods of a range are those of its instants, ascending, each once', () => {
  const short = fc.constantFrom(...INTERVALS.filter((word) => nominalMs(word) < DAY_MS));
  fc.assert(
    fc.property(short, instant, fc.nat(900), (word, fromMs, days) => {
      const toMs = fromMs + days * DAY_MS;
      const expected = new Set<string>();
      for (let timeMs = fromMs; timeMs < toMs; timeMs += DAY_MS) expected.add(periodOf(word, timeMs));
      if (days > 0) expected.add(periodOf(word, toMs - 1));
      expect(periodsIn(word, { fromMs, toMs })).toEqual([...expected]);
    }),
  );
  expect(periodsIn('1M', { fromMs: 0, toMs: 1e12 })).toEqual(['all']);
});

test('every period is read back as it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...INTERVALS), instant, (interval, timeMs) => {
      const period = periodOf(interval, timeMs);
      expect(parsePeriod(` ${period} `)).toBe(period);
    }),
  );
});

test.each(['2025-13', '2025-00', '2025-1', '25', '2025-01-01', 'ALL', '', '../2025'])('%j is no period', (text) => {
  expect(() => parsePeriod(text)).toThrow(
    `shard must be a month such as 2024-02, a year such as 2024, or all, got '${text}'`,
  );
});
