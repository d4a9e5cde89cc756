import fc from 'fast-check';
import { BadInput } from '../../lib/domain/errors.ts';
import {
  beginOfSpan,
  DAY_MS,
  isoTime,
  parseTime,
  subtractRanges,
  type TimeRange,
} from '../../lib/domain/time-range.ts';

const begin = (span: string, to: string) => isoTime(beginOfSpan(span, Date.parse(to)));

describe('times', () => {
  test.each([
    ['2024-02-01', Date.UTC(2024, 1, 1)],
    ['2024-02', Date.UTC(2024, 1, 1)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-01T12:00', Date.UTC(2024, 1, 1, 12)],
    ['2024-02-01 12:00', Date.UTC(2024, 1, 1, 12)],
    ['2024-02-01T12:00Z', Date.UTC(2024, 1, 1, 12)],
    ['2024-02-01T12:00:30.25Z', Date.UTC(2024, 1, 1, 12, 0, 30, 250)],
    ['2024-02-01T12:00-03:00', Date.UTC(2024, 1, 1, 15)],
    ['2024-03-01T00:30+02:00', Date.UTC(2024, 1, 29, 22, 30)],
    ['  2024-02-01  ', Date.UTC(2024, 1, 1)],
  ])('%j is an instant, UTC without a zone', (text, timeMs) => {
    expect(parseTime(text)).toBe(timeMs);
  });

  test.each([
    '',
    'now',
    'yesterday',
    '2024',
    '2024-13-01',
    '2024-00-10',
    '2024-02-30',
    '2023-02-29',
    '2024-04-31T00:00Z',
    '2024-02-01T25:00',
    '2024-02-01T12',
    '2024-2-1',
    '01/02/2024',
    '1706745600000',
    '2024-02-01T12:00:00.1234Z',
    '2024-02-01T12:00 UTC',
  ])('%j is refused', (text) => {
    expect(() => parseTime(text, 'from')).toThrow(BadInput);
    expect(() => parseTime(text, 'from')).toThrow(/^from must be an ISO date or instant .*, got '/);
  });

  test('are printed without milliseconds where those are zero, and read back', () => {
    expect(isoTime(Date.UTC(2024, 1, 1))).toBe('2024-02-01T00:00:00Z');
    expect(isoTime(Date.UTC(2024, 1, 1) + 7)).toBe('2024-02-01T00:00:00.007Z');
    const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 0, 1) });
    fc.assert(fc.property(instant, (timeMs) => parseTime(isoTime(timeMs)) === timeMs));
  });
});

describe('spans', () => {
  test.each([
    ['1d', '2024-03-01T00:00Z', '2024-02-29T00:00:00Z'],
    ['30d', '2024-03-31T10:00Z', '2024-03-01T10:00:00Z'],
    ['2w', '2024-03-15T00:00Z', '2024-03-01T00:00:00Z'],
    ['1m', '2024-03-15T10:30Z', '2024-02-15T10:30:00Z'],
    ['6m', '2024-03-15T00:00Z', '2023-09-15T00:00:00Z'],
    ['1y', '2024-03-15T00:00Z', '2023-03-15T00:00:00Z'],
    ['13m', '2024-01-31T00:00Z', '2022-12-31T00:00:00Z'],
  ])('%s before %s is %s', (span, to, expected) => {
    expect(begin(span, to)).toBe(expected);
  });

  test.each([
    ['1m', '2024-03-31T10:00Z', '2024-02-29T10:00:00Z'],
    ['1m', '2023-03-31T10:00Z', '2023-02-28T10:00:00Z'],
    ['1m', '2024-05-31T23:59Z', '2024-04-30T23:59:00Z'],
    ['1y', '2024-02-29T00:00Z', '2023-02-28T00:00:00Z'],
    ['4y', '2024-02-29T00:00Z', '2020-02-29T00:00:00Z'],
    ['1m', '2024-01-31T00:00Z', '2023-12-31T00:00:00Z'],
  ])('%s before %s ends on the last day of a shorter month: %s', (span, to, expected) => {
    expect(begin(span, to)).toBe(expected);
  });

  test.each([
    ['30dias', '30d'],
    ['1dia', '1d'],
    ['2semanas', '2w'],
    ['1 semana', '1w'],
    ['6meses', '6m'],
    ['1mes', '1m'],
    ['1mês', '1m'],
    ['1ano', '1y'],
    ['3anos', '3y'],
    ['7days', '7d'],
    ['2 weeks', '2w'],
    ['6months', '6m'],
    ['1year', '1y'],
    [' 1Y ', '1y'],
    ['6MESES', '6m'],
  ])('%j is %s', (span, same) => {
    const to = Date.UTC(2024, 4, 31, 12);
    expect(beginOfSpan(span, to)).toBe(beginOfSpan(same, to));
  });

  test.each(['', '1', 'y', '0d', '-1d', '1.5y', '1q', '1h', '10000d', '1d2m', 'd1', '1 d d', '１d'])(
    '%j is refused',
    (span) => {
      expect(() => beginOfSpan(span, 0)).toThrow(BadInput);
      expect(() => beginOfSpan(span, 0)).toThrow(`got '${span}'`);
    },
  );

  test('of months go back by the calendar: the month is right and the day is the same or the last one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2090, 0, 1) }),
        fc.integer({ min: 1, max: 200 }),
        (toMs, months) => {
          const to = new Date(toMs);
          const from = new Date(beginOfSpan(`${months}m`, toMs));
          const month = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth();
          expect(month(to) - month(from)).toBe(months);
          expect(from.getTime() % DAY_MS).toBe(toMs % DAY_MS);
          const nextDay = new Date(from.getTime() + DAY_MS);
          expect(from.getUTCDate() === to.getUTCDate() || nextDay.getUTCDate() === 1).toBe(true);
        },
      ),
    );
  });
});

describe('subtracting ranges', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }))
    .map(([fromMs, length]): TimeRange => ({ fromMs, toMs: fromMs + length }));
  const has = (ranges: readonly TimeRange[], timeMs: number) =>
    ranges.some(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs);

  test('leaves, instant by instant, what is wanted and not had; in order, apart, and not empty', () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 8 }), (wanted, have) => {
        const missing = subtractRanges(wanted, have);
        for (let timeMs = -1; timeMs < 60; timeMs++) {
          expect(has(missing, timeMs)).toBe(has([wanted], timeMs) && !has(have, timeMs));
        }
        missing.forEach(({ fromMs, toMs }, i) => {
          expect(fromMs).toBeLessThan(toMs);
          if (i > 0) expect(missing[i - 1]!.toMs).toBeLessThan(fromMs);
        });
      }),
    );
  });

  test('leaves what it was given as it was', () => {
    const have = [
      { fromMs: 5, toMs: 6 },
      { fromMs: 1, toMs: 2 },
    ];
    const before = structuredClone(have);
    expect(subtractRanges({ fromMs: 0, toMs: 10 }, have)).toHaveLength(3);
    expect(have).toEqual(before);
  });
});
