import fc from 'fast-check';
import type { Chunk, Source } from '../../../lib/domain/chunk.ts';
import { ceilOpenTime, countOpenTimes, type Interval, nextOpenTime } from '../../../lib/domain/interval.ts';
import { DAY_MS, type TimeRange } from '../../../lib/domain/time-range.ts';
import {
  type Landed,
  monthsToLookUp,
  type OfferedFile,
  planChunks,
  type SeriesOutlook,
} from '../../../lib/lake/plan/plan-chunks.ts';
import { HOUR_MS } from '../../support/time.ts';

const JANUARY = Date.UTC(2024, 0, 1);

describe('planChunks', () => {
  test('takes the monthly file of a closed month, daily files of the open one, REST for the rest', () => {
    const asOfMs = Date.parse('2024-03-03T10:20:00Z');
    const { chunks, outOfReach, landedChunks } = planChunks({
      ...outlook({ interval: '1h', asOfMs }),
      range: { fromMs: Date.parse('2024-01-15'), toMs: Date.parse('2024-03-03T10:00Z') },
      files: [month(0), month(1), day(60), day(61)],
    });
    expect(chunks.map(shortly)).toEqual([
      'archive_monthly 2024-01-01T00…2024-02-01T00',
      'archive_monthly 2024-02-01T00…2024-03-01T00',
      'archive_daily 2024-03-01T00…2024-03-02T00',
      'archive_daily 2024-03-02T00…2024-03-03T00',
      'rest 2024-03-03T00…2024-03-03T10',
    ]);
    expect({ outOfReach, landedChunks }).toEqual({ outOfReach: [], landedChunks: 0 });
    expect(chunks.every((chunk) => chunk.asOfMs === asOfMs)).toBe(true);
  });

  test('asks REST for the hole that a missing day leaves, and for everything before the archive begins', () => {
    const { chunks } = planChunks({
      ...outlook({ interval: '1h', asOfMs: Date.parse('2024-04-01') }),
      range: { fromMs: Date.parse('2023-12-30T05:00Z'), toMs: Date.parse('2024-01-04') },
      files: [day(0), day(2)],
    });
    expect(chunks.map(shortly)).toEqual([
      'archive_daily 2024-01-01T00…2024-01-02T00',
      'archive_daily 2024-01-03T00…2024-01-04T00',
      'rest 2023-12-30T05…2024-01-01T00',
      'rest 2024-01-02T00…2024-01-03T00',
    ]);
  });

  test('wants the monthly file of a month whose days have landed, and no day of a month that has landed', () => {
    const landedDays = [0, 1, 2].map((d) => landed(day(d)));
    const base = { ...outlook({ interval: '1h', asOfMs: Date.parse('2024-03-01') }), range: month(0).range };
    const monthNow = planChunks({ ...base, landed: landedDays, files: [month(0), day(3)] });
    expect(monthNow.chunks.map((c) => c.source)).toEqual(['archive_monthly']);
    const monthThere = planChunks({ ...base, landed: [landed(month(0))], files: [day(3)] });
    expect(monthThere).toEqual({ chunks: [], landedChunks: 1, outOfReach: [] });
  });

  test('asks for the open page of the day from its begin, and for a page that has ended as a whole', () => {
    const asOfMs = Date.parse('2024-03-03T10:20:00Z');
    const openMs = Date.parse('2024-03-03');
    const rest = (from: string, to: string, openPageMs?: number): Landed => {
      const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
      return { source: 'rest', range, ...(openPageMs !== undefined && { openPageMs }) };
    };
    const range = { fromMs: Date.parse('2024-03-02'), toMs: Date.parse('2024-03-03T10:00Z') };
    const base = { ...outlook({ interval: '1h', asOfMs }), range, openMs };
    const asked = (...landed: Landed[]) => planChunks({ ...base, landed }).chunks.map(shortly);
    const yesterday = rest('2024-03-02', '2024-03-03');
    const [whole, open] = ['rest 2024-03-02T00…2024-03-03T00', 'rest 2024-03-03T00…2024-03-03T10'];
    expect(asked()).toEqual([whole, open]);
    expect(planChunks(base).chunks.map((chunk) => chunk.openPageMs)).toEqual([undefined, openMs]);
    // An earlier answer to the page is no reason to ask for less of it; one that reaches as far is.
    expect(asked(yesterday, rest('2024-03-03', '2024-03-03T09:00Z', openMs))).toEqual([open]);
    expect(asked(yesterday, rest('2024-03-03', '2024-03-03T10:00Z', openMs))).toEqual([]);
    // Answers of yesterday's page while it was open do not count for the page as a whole.
    const last = rest('2024-03-02', '2024-03-02T23:00Z', Date.parse('2024-03-02'));
    expect(asked(last, rest('2024-03-03', '2024-03-03T10:00Z', openMs))).toEqual([whole]);
  });

  test('splits REST windows into chunks of 20 pages of 499 candles', () => {
    const { chunks } = planChunks({
      ...outlook({ interval: '1m', asOfMs: Date.parse('2024-03-01') }),
      range: { fromMs: JANUARY, toMs: JANUARY + 20_000 * 60_000 },
    });
    expect(chunks.map((c) => countOpenTimes('1m', c.range))).toEqual([9_980, 9_980, 40]);
  });

  test('takes no file that ends after now: a clock set back must not see it', () => {
    const { chunks } = planChunks({
      ...outlook({ interval: '1h', asOfMs: Date.parse('2024-01-02T12:00Z') }),
      range: { fromMs: JANUARY, toMs: Date.parse('2024-01-02T12:00Z') },
      files: [month(0), day(0), day(1)],
    });
    expect(chunks.map(shortly)).toEqual([
      'archive_daily 2024-01-01T00…2024-01-02T00',
      'rest 2024-01-02T00…2024-01-02T12',
    ]);
  });

  test('every wanted open time is in exactly the best chunk on offer, and in no chunk if the lake has it', () => {
    fc.assert(
      fc.property(anyOutlook, (o) => {
        const { chunks, outOfReach } = planChunks(o);
        for (let t = o.range.fromMs; t < o.range.toMs; t = nextOpenTime(o.series.interval, t)) {
          const sources = chunks.filter((c) => holds(c.range, t)).map((c) => c.source);
          const best = bestFor(o, t);
          expect({ t, sources }).toEqual({ t, sources: best.startsWith('landed') || best === 'nobody' ? [] : [best] });
          expect(outOfReach.some((r) => holds(r, t))).toBe(best === 'nobody');
        }
      }),
      { numRuns: 150 },
    );
  });

  test('once its chunks have landed, asks for nothing more, and counts the same chunks as wanted', () => {
    fc.assert(
      fc.property(anyOutlook, (o) => {
        const first = planChunks(o);
        const again = planChunks({ ...o, landed: [...o.landed, ...first.chunks.map(landed)] });
        expect(again.chunks).toEqual([]);
        expect(again.outOfReach).toEqual(first.outOfReach);
        expect(again.landedChunks).toBe(first.landedChunks + first.chunks.length);
      }),
      { numRuns: 150 },
    );
  });

  test('REST windows are on the grid, hold at least one candle and at most 20 pages', () => {
    fc.assert(
      fc.property(anyOutlook, (o) => {
        for (const { source, range } of planChunks(o).chunks) {
          if (source !== 'rest') continue;
          const count = countOpenTimes(o.series.interval, range);
          expect(count).toBeGreaterThan(0);
          expect(count).toBeLessThanOrEqual(9_980);
          expect(ceilOpenTime(o.series.interval, range.fromMs)).toBe(range.fromMs);
          expect(ceilOpenTime(o.series.interval, range.toMs)).toBe(range.toMs);
        }
      }),
    );
  });
});

describe('monthsToLookUp', () => {
  test('looks up daily files only for days that can and must come from one', () => {
    const base = {
      ...outlook({ interval: '1h', asOfMs: Date.parse('2024-04-01T12:00Z') }),
      range: { fromMs: JANUARY, toMs: Date.parse('2024-04-01T12:00Z') },
      files: [month(0)],
    };
    expect(monthsToLookUp(base).map(monthName)).toEqual(['2024-02', '2024-03']);
    expect(monthsToLookUp({ ...base, landed: [landed(month(1))] }).map(monthName)).toEqual(['2024-03']);
    const march = Array.from({ length: 31 }, (_, d) => landed(day(60 + d)));
    expect(monthsToLookUp({ ...base, landed: march }).map(monthName)).toEqual(['2024-02']);
    expect(monthsToLookUp({ ...base, series: { ...base.series, interval: '3d' } })).toEqual([]);
  });
});

/** Returns the source of the candle of one open time: the rules again, one instant at a time. */
function bestFor(o: SeriesOutlook, t: number): Source | `landed ${Source}` | 'nobody' {
  for (const source of ['archive_monthly', 'archive_daily'] as const) {
    if (source === 'archive_daily' && ['3d', '1w', '1M'].includes(o.series.interval)) continue;
    if (o.landed.some((l) => l.source === source && holds(l.range, t))) return `landed ${source}`;
    if (o.files.some((f) => f.source === source && f.range.toMs <= o.asOfMs && holds(f.range, t))) return source;
  }
  if (o.landed.some((l) => l.source === 'rest' && holds(l.range, t))) return 'landed rest';
  return o.rest ? 'rest' : 'nobody';
}

const anyOutlook: fc.Arbitrary<SeriesOutlook> = fc
  .record({
    interval: fc.constantFrom<Interval>('1h', '8h', '1d', '3d', '1w', '1M'),
    fromHour: fc.integer({ min: 0, max: 100 * 24 }),
    hours: fc.integer({ min: 1, max: 90 * 24 }),
    sinceHours: fc.integer({ min: 0, max: 40 * 24 }),
    months: fc.uniqueArray(fc.integer({ min: 0, max: 6 })),
    days: fc.uniqueArray(fc.integer({ min: 0, max: 190 }), { maxLength: 100 }),
    landedMonths: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 2 }),
    landedDays: fc.uniqueArray(fc.integer({ min: 0, max: 190 }), { maxLength: 60 }),
    landedRest: fc.array(fc.tuple(fc.integer({ min: 0, max: 190 * 24 }), fc.integer({ min: 1, max: 400 })), {
      maxLength: 5,
    }),
    rest: fc.boolean(),
  })
  .map((a) => {
    const grid = (hour: number): number => ceilOpenTime(a.interval, JANUARY + hour * HOUR_MS);
    const range = { fromMs: grid(a.fromHour), toMs: grid(a.fromHour + a.hours) };
    return {
      ...outlook({ interval: a.interval, asOfMs: range.toMs + a.sinceHours * HOUR_MS }),
      range,
      files: [...a.months.map(month), ...a.days.map(day)],
      landed: [
        ...a.landedMonths.map((m) => landed(month(m))),
        ...a.landedDays.map((d) => landed(day(d))),
        ...a.landedRest.map(([at, hours]) => ({
          source: 'rest' as const,
          range: { fromMs: grid(at), toMs: grid(at + hours) },
        })),
      ],
      rest: a.rest,
    };
  })
  .filter((o) => o.range.fromMs < o.range.toMs);

function outlook({ interval, asOfMs }: { interval: Interval; asOfMs: number }): SeriesOutlook {
  return {
    series: { market: 'um', symbol: 'BTCUSDT', interval },
    range: { fromMs: JANUARY, toMs: asOfMs },
    landed: [],
    files: [],
    rest: true,
    asOfMs,
  };
}

function month(index: number): OfferedFile {
  const range = { fromMs: Date.UTC(2024, index, 1), toMs: Date.UTC(2024, index + 1, 1) };
  return { source: 'archive_monthly', range, sizeBytes: 1_000 + index };
}

function day(index: number): OfferedFile {
  const fromMs = JANUARY + index * DAY_MS;
  return { source: 'archive_daily', range: { fromMs, toMs: fromMs + DAY_MS }, sizeBytes: 10 + index };
}

function landed({ source, range }: Pick<Chunk, 'source' | 'range'>): Landed {
  return { source, range };
}

function holds(range: TimeRange, t: number): boolean {
  return t >= range.fromMs && t < range.toMs;
}

function shortly({ source, range }: Chunk): string {
  const hour = (ms: number): string => new Date(ms).toISOString().slice(0, 13);
  return `${source} ${hour(range.fromMs)}…${hour(range.toMs)}`;
}

function monthName(range: TimeRange): string {
  return new Date(range.fromMs).toISOString().slice(0, 7);
}
