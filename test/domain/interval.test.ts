import fc from 'fast-check';
import { closedUntil } from '../../lib/domain/closed.ts';
import { BadInput } from '../../lib/domain/errors.ts';
import {
  candlesInDays,
  ceilOpenTime,
  countOpenTimes,
  floorOpenTime,
  INTERVALS,
  nextOpenTime,
  nominalMs,
  parseInterval,
} from '../../lib/domain/interval.ts';
import { DAY_MS, isoTime } from '../../lib/domain/time-range.ts';

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 0, 1) });
const interval = fc.constantFrom(...INTERVALS);

test('the words are the exchange’s fifteen, and case matters', () => {
  expect(INTERVALS).toEqual('1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M'.split(' '));
  for (const word of INTERVALS) expect(parseInterval(word)).toBe(word);
  for (const word of ['', '7m', '1H', '15M', '60m', '1s', ' 1m', 'toString']) {
    expect(() => parseInterval(word)).toThrow(BadInput);
    expect(() => parseInterval(word)).toThrow(
      `interval must be one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M, got '${word}'`,
    );
  }
});

describe('the grid of open times', () => {
  test.each([
    ['15m', '2024-02-01T10:07:59.999Z', '2024-02-01T10:00:00Z'],
    ['4h', '2024-02-01T10:07Z', '2024-02-01T08:00:00Z'],
    ['1d', '2024-02-01T23:59:59.999Z', '2024-02-01T00:00:00Z'],
    // 2024-02-05 was a Monday.
    ['1w', '2024-02-04T23:59:59.999Z', '2024-01-29T00:00:00Z'],
    ['1w', '2024-02-05T00:00Z', '2024-02-05T00:00:00Z'],
    ['1M', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00Z'],
    ['1M', '2024-03-01T00:00Z', '2024-03-01T00:00:00Z'],
    // Three-day candles count from 1970-01-01.
    ['3d', '2024-02-01T00:00Z', '2024-01-30T00:00:00Z'],
  ] as const)('%s: %s belongs to the candle of %s', (word, time, expected) => {
    expect(isoTime(floorOpenTime(word, Date.parse(time)))).toBe(expected);
  });

  test('weeks open on Mondays and months on their first day', () => {
    fc.assert(
      fc.property(instant, (timeMs) => {
        expect(new Date(floorOpenTime('1w', timeMs)).getUTCDay()).toBe(1);
        expect(new Date(floorOpenTime('1M', timeMs)).getUTCDate()).toBe(1);
      }),
    );
  });

  test('months are as long as the calendar has them', () => {
    const lengths = Array.from({ length: 12 }, (_, month) => {
      const openMs = Date.UTC(2024, month, 1);
      return (nextOpenTime('1M', openMs) - openMs) / DAY_MS;
    });
    expect(lengths).toEqual([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
  });

  test('every instant is in exactly one candle: at or after its open time, before the next', () => {
    fc.assert(
      fc.property(interval, instant, (word, timeMs) => {
        const openMs = floorOpenTime(word, timeMs);
        const nextMs = nextOpenTime(word, openMs);
        expect(openMs).toBeLessThanOrEqual(timeMs);
        expect(nextMs).toBeGreaterThan(timeMs);
        expect(floorOpenTime(word, openMs)).toBe(openMs);
        expect(floorOpenTime(word, nextMs - 1)).toBe(openMs);
        expect(ceilOpenTime(word, timeMs)).toBe(timeMs === openMs ? openMs : nextMs);
        if (word !== '1M') expect(nextMs - openMs).toBe(nominalMs(word));
      }),
    );
  });

  test('open times are counted as one by one', () => {
    fc.assert(
      fc.property(interval, instant, fc.integer({ min: -1, max: 40 }), fc.nat(1e9), (word, fromMs, count, more) => {
        const toMs = fromMs + count * nominalMs(word) + (more % nominalMs(word));
        let counted = 0;
        for (let openMs = ceilOpenTime(word, fromMs); openMs < toMs; openMs = nextOpenTime(word, openMs)) counted++;
        expect(countOpenTimes(word, { fromMs, toMs })).toBe(counted);
      }),
    );
  });
});

test('a candle counts as closed two seconds after its end', () => {
  const end = Date.UTC(2024, 1, 1, 10, 15);
  expect(closedUntil('15m', end + 1_999)).toBe(end - 900_000);
  expect(closedUntil('15m', end + 2_000)).toBe(end);
  expect(isoTime(closedUntil('1M', Date.parse('2024-03-01T00:00:01Z')))).toBe('2024-02-01T00:00:00Z');
});

test('candles in days, if there is at least one', () => {
  expect(candlesInDays('15m', 1)).toBe(96);
  expect(candlesInDays('1d', 7)).toBe(7);
  expect(candlesInDays('1w', 7)).toBe(1);
  expect(candlesInDays('1w', 2)).toBeUndefined();
});
