import fc from 'fast-check';
import {
  landAnswer,
  metrics,
  OPEN_INTEREST,
  oiBody,
  oiRow,
  refineIn,
  rowsOf,
  STEP,
  streamLake,
  T0,
  tableHashes,
} from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('open interest', () => {
  test('the same rows in any windows, landed in any order, give the same bytes', async () => {
    const toMs = T0 + 3 * 24 * HOUR_MS;
    const whole = streamLake();
    await landAnswer(whole, {
      stream: OPEN_INTEREST,
      source: 'rest',
      range: { fromMs: T0, toMs },
      body: oiBody(T0, toMs),
    });
    await refineIn(whole, OPEN_INTEREST);
    expect(Object.keys(tableHashes(whole))).toHaveLength(2);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 3 * 288 - 1 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.infiniteStream(fc.nat()), fc.boolean(), async (places, dice, refineBetween) => {
        const edges = [0, ...places.sort((a, b) => a - b), 3 * 288].map((place) => T0 + place * STEP);
        const windows = edges.slice(1).map((to, index) => ({ fromMs: edges[index]!, toMs: to }));
        const order = windows.map((range) => ({ range, at: dice.next().value })).sort((a, b) => a.at - b.at);
        const lake = streamLake();
        for (const { range } of order) {
          const body = oiBody(range.fromMs, range.toMs);
          await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body });
          if (refineBetween) await refineIn(lake, OPEN_INTEREST);
        }
        await refineIn(lake, OPEN_INTEREST);
        expect(tableHashes(lake)).toEqual(tableHashes(whole));
      }),
      { numRuns: 12 },
    );
  });

  test('a second time with nothing new puts nothing but the report', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 48 * HOUR_MS };
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: oiBody(range.fromMs, range.toMs) });
    expect(await refineIn(lake, OPEN_INTEREST)).toMatchObject({ shards: 2, recomputed: 2 });
    lake.puts = [];
    expect(await refineIn(lake, OPEN_INTEREST)).toMatchObject({ shards: 2, recomputed: 0 });
    expect(lake.puts).toEqual(['runs/run/refine/stream_open_interest_um_BTCUSDT.json']);
    expect(await refineIn(lake, OPEN_INTEREST, '1'.repeat(64))).toMatchObject({ recomputed: 2 });
  });

  test('a table that is gone or cut short is made again', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 48 * HOUR_MS };
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: oiBody(range.fromMs, range.toMs) });
    await refineIn(lake, OPEN_INTEREST);
    const good = tableHashes(lake);
    const [first, second] = Object.keys(good) as [string, string];
    lake.objects.delete(first);
    lake.objects.set(second, lake.objects.get(second)!.subarray(1));
    expect(await refineIn(lake, OPEN_INTEREST)).toMatchObject({ recomputed: 2 });
    expect(tableHashes(lake)).toEqual(good);
  });

  test('files beat REST, what differs is counted; a hole goes on over the end of a month', async () => {
    const lake = streamLake();
    const feb = Date.parse('2024-02-01T00:10Z');
    const range = { fromMs: T0 + 23 * HOUR_MS, toMs: T0 + 23 * HOUR_MS + 2 * STEP };
    const rest = [oiRow(range.fromMs, 7), oiRow(range.fromMs + STEP, 8)];
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: JSON.stringify(rest) });
    await landAnswer(lake, {
      stream: OPEN_INTEREST,
      source: 'archive_daily',
      range: { fromMs: T0, toMs: T0 + 24 * HOUR_MS },
      body: metrics([
        ['2024-01-31 23:00:00', 7],
        ['2024-01-31 23:05:00', 9],
      ]),
    });
    await landAnswer(lake, {
      stream: OPEN_INTEREST,
      source: 'rest',
      range: { fromMs: feb, toMs: feb + STEP },
      body: JSON.stringify([oiRow(feb, 10)]),
    });
    await refineIn(lake, OPEN_INTEREST);
    const rows = await rowsOf(lake, 'open_interest');
    expect(rows.map((row) => [row['sum_open_interest'], row['source'], row['gap_before']])).toEqual([
      [7, 'archive_daily', 0],
      [9, 'archive_daily', 0],
      [10, 'rest', 12],
    ]);
    const report = JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString());
    expect(report.shards).toMatchObject([
      {
        duplicates: 1,
        conflicts: 1,
        conflictSamples: [
          {
            column: 'sum_open_interest',
            kept: { value: 9, source: 'archive_daily' },
            other: { value: 8, source: 'rest' },
          },
        ],
      },
      { missing: 12 },
    ]);
  });

  test('the label that two files have on the day of the shift is that of the later day, in any order', async () => {
    const day = (text: string) => ({ fromMs: Date.parse(text), toMs: Date.parse(text) + 24 * HOUR_MS });
    const files = [
      {
        range: day('2026-06-24'),
        body: metrics([
          ['2026-06-24 23:55:00', 1],
          ['2026-06-25 00:00:00', 2],
        ]),
      },
      {
        range: day('2026-06-25'),
        body: metrics([
          ['2026-06-25 00:00:00', 3],
          ['2026-06-25 00:05:00', 4],
        ]),
      },
    ];
    for (const [first, second] of [files, files.toReversed()] as [(typeof files)[0], (typeof files)[0]][]) {
      const lake = streamLake();
      await landAnswer(lake, { stream: OPEN_INTEREST, source: 'archive_daily', fetchedAtMs: 1, ...first });
      await landAnswer(lake, { stream: OPEN_INTEREST, source: 'archive_daily', fetchedAtMs: 2, ...second });
      await refineIn(lake, OPEN_INTEREST);
      const rows = await rowsOf(lake, 'open_interest');
      expect(rows.map((row) => row['sum_open_interest'])).toEqual([1, 3, 4]);
      expect(rows.map((row) => (row['known_at'] as number) - (row['time'] as number))).toEqual([STEP, STEP, STEP]);
    }
  });

  test('the last label of the file of a month belongs to the next month', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 24 * HOUR_MS };
    const body = metrics([
      ['2024-01-31 23:55:00', 1],
      ['2024-02-01 00:00:00', 2],
    ]);
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'archive_daily', range, body });
    await refineIn(lake, OPEN_INTEREST);
    expect(Object.keys(tableHashes(lake))).toEqual([
      'open_interest/market=um/symbol=BTCUSDT/period=2024-01/open_interest.parquet',
      'open_interest/market=um/symbol=BTCUSDT/period=2024-02/open_interest.parquet',
    ]);
  });
});
