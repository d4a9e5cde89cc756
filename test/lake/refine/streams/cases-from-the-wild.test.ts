import type { Stream } from '../../../../lib/domain/stream.ts';
import { sha256Of } from '../../../support/bytes.ts';
import {
  landAnswer,
  refineIn,
  rowsOf,
  type StreamLake,
  streamLake,
  tableHashes,
} from '../../../support/stream-lake.ts';
import { at, HOUR_MS } from '../../../support/time.ts';

// The number is that of the report in github.com/binance/binance-public-data.

const STEP = 300_000;
const MINUTE = 60_000;
const day = (text: string) => ({ fromMs: at(text), toMs: at(text) + 24 * HOUR_MS });
const month = (text: string, next: string) => ({ fromMs: at(text), toMs: at(next) });

const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'LITUSDT' };
const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'LITUSDT' };
const MARK: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '1m' };

const reportOf = (lake: StreamLake) => JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString()).shards;

const fundingFile = (rows: readonly (readonly [timeMs: number, hours: number])[]) =>
  [
    'calc_time,funding_interval_hours,last_funding_rate',
    ...rows.map(([timeMs, hours]) => `${timeMs},${hours},0.0001`),
  ].join('\n');
const markFile = (openTimes: readonly number[]) =>
  openTimes.map((openMs) => `${openMs},10,12,9,11,0,${openMs + MINUTE - 1},0,60,0,0,0`).join('\n');
const minutes = (fromMs: number, count: number) => Array.from({ length: count }, (_, i) => fromMs + i * MINUTE);

/** A fact about the symbol's life, as plan lands it. */
async function landLife(lake: StreamLake, symbol: string, life: { listedMs?: number; settledMs?: number }) {
  const bytes = Buffer.from(JSON.stringify({ market: 'um', symbol, evidence: 'exchange_info', ...life }));
  await lake.put(`landing/listings/market=um/symbol=${symbol}/${sha256Of(bytes)}.json`, bytes);
}

test('#491: labels that name the begin of their five minutes since 2026-06-25 are never known too early', async () => {
  const lake = streamLake();
  const file = (rows: readonly (readonly [labelMs: number, sampledMs: number])[]) =>
    ['create_time,symbol,sum_open_interest,sum_open_interest_value']
      // The amount tells when it was sampled.
      .concat(
        rows.map(([labelMs, sampledMs]) => {
          const label = new Date(labelMs).toISOString().slice(0, 19).replace('T', ' ');
          return `${label},LITUSDT,${sampledMs / STEP},1`;
        }),
      )
      .join('\n');
  const ends = Array.from({ length: 288 }, (_, i) => at('2026-06-24') + (i + 1) * STEP);
  const beginnings = Array.from({ length: 288 }, (_, i) => at('2026-06-25') + i * STEP);
  for (const [date, rows] of [
    ['2026-06-24', ends.map((label) => [label, label] as const)],
    ['2026-06-25', beginnings.map((label) => [label, label + STEP] as const)],
  ] as const) {
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'archive_daily', range: day(date), body: file(rows) });
  }
  await refineIn(lake, OPEN_INTEREST);
  const rows = await rowsOf(lake, 'open_interest');
  expect(rows.map((row) => row['time'])).toEqual([...ends.slice(0, -1), ...beginnings]);
  for (const row of rows) {
    const sampledMs = (row['sum_open_interest'] as number) * STEP;
    expect(row['known_at']).toBeGreaterThanOrEqual(sampledMs);
    expect((row['known_at'] as number) - sampledMs).toBeLessThanOrEqual(STEP);
  }
  // The label of both files is the later day's, and both values are told.
  expect(reportOf(lake)).toMatchObject([
    {
      missing: 0,
      conflicts: 1,
      conflictSamples: [
        {
          timeMs: at('2026-06-25'),
          kept: { value: at('2026-06-25') / STEP + 1 },
          other: { value: at('2026-06-25') / STEP },
        },
      ],
    },
  ]);
});

describe('#495: what is printed of a ticker that is no longer, or was not yet, this asset is kept back', () => {
  const settledMs = at('2025-12-03T09:00Z');
  const body = fundingFile(
    [...Array(40).keys()].map((i) => [at('2025-12-01') + i * 4 * HOUR_MS + (i % 3), 4] as const),
  );
  const range = month('2025-12-01', '2026-01-01');

  test('funding goes on after the settlement: those rows are in landing, and counted', async () => {
    const lake = streamLake();
    await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body });
    await refineIn(lake, FUNDING);
    expect(await rowsOf(lake, 'funding')).toHaveLength(40);
    await landLife(lake, 'LITUSDT', { settledMs });
    // The year, and the one after it, which has no rows and which the file's end touches.
    expect(await refineIn(lake, FUNDING)).toMatchObject({ shards: 1, recomputed: 2 });
    const rows = await rowsOf(lake, 'funding');
    expect(Math.max(...rows.map((row) => row['scheduled_time'] as number))).toBe(at('2025-12-03T08:00Z'));
    expect(reportOf(lake)).toMatchObject([{ rows: 15, quarantined: 25 }]);
    expect(await refineIn(lake, FUNDING)).toMatchObject({ recomputed: 0 });
  });

  test('a settlement told while the shard is being made is served by the same run', async () => {
    const lake = streamLake();
    await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body });
    let told = false;
    const meanwhile: StreamLake = {
      ...lake,
      async put(key, bytes, condition) {
        const tag = await lake.put(key, bytes, condition);
        if (told || !key.endsWith('.parquet')) return tag;
        told = true;
        await landLife(lake, 'LITUSDT', { settledMs });
        return tag;
      },
    };
    await refineIn(meanwhile, FUNDING);
    expect(reportOf(lake)).toMatchObject([{ rows: 15, quarantined: 25 }]);
    expect(await refineIn(lake, FUNDING)).toMatchObject({ recomputed: 0 });
  });

  test('a funding that was due at the settlement itself is for the hours before it, and served', async () => {
    const lake = streamLake();
    await landLife(lake, 'LITUSDT', { settledMs: at('2025-12-03T08:00Z') });
    await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body });
    await refineIn(lake, FUNDING);
    const rows = await rowsOf(lake, 'funding');
    expect(rows.at(-1)!['scheduled_time']).toBe(at('2025-12-03T08:00Z'));
  });

  test('the earlier asset of the ticker is not the younger one: neither its funding nor its mark prices', async () => {
    const lake = streamLake();
    const listedMs = at('2025-12-02T10:30Z');
    await landLife(lake, 'LITUSDT', { listedMs });
    await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body });
    const mark: Stream = { ...MARK, symbol: 'LITUSDT' };
    const rows = markFile(minutes(at('2025-12-02'), 1440));
    await landAnswer(lake, { stream: mark, source: 'archive_daily', range: day('2025-12-02'), body: rows });
    await refineIn(lake, FUNDING);
    await refineIn(lake, mark);
    expect((await rowsOf(lake, 'funding'))[0]!['scheduled_time']).toBe(at('2025-12-02T12:00Z'));
    expect((await rowsOf(lake, 'mark_candles'))[0]!['open_time']).toBe(listedMs);
    expect(reportOf(lake)).toMatchObject([{ quarantined: 630, missing: 0 }]);
  });

  test('a settlement told after all rows had been served leaves a table without rows, not the old one', async () => {
    const lake = streamLake();
    await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body });
    await refineIn(lake, FUNDING);
    const [key] = Object.keys(tableHashes(lake));
    await landLife(lake, 'LITUSDT', { settledMs: at('2025-11-20') });
    await refineIn(lake, FUNDING);
    expect(Object.keys(tableHashes(lake))).toEqual([key]);
    expect(await rowsOf(lake, 'funding')).toEqual([]);
  });
});

test('funding that is due every 8, then 4, then 1 hours: each row has its interval, and there is no hole', async () => {
  const lake = streamLake();
  const due: [number, number][] = [];
  let timeMs = at('2024-02-01');
  for (const hours of [
    ...Array(6).fill(8),
    ...Array(6).fill(4),
    ...Array(12).fill(1),
    ...Array(3).fill(8),
  ] as number[]) {
    timeMs += hours * HOUR_MS;
    due.push([timeMs + 7, hours]);
  }
  const range = month('2024-02-01', '2024-03-01');
  await landAnswer(lake, { stream: FUNDING, source: 'archive_monthly', range, body: fundingFile(due) });
  await refineIn(lake, FUNDING);
  const rows = await rowsOf(lake, 'funding');
  expect(rows.map((row) => [row['funding_time'], row['funding_interval_hours']])).toEqual(due);
  expect(rows.map((row) => row['scheduled_time'])).toEqual(due.map(([timeMs]) => timeMs - 7));
  expect(rows.every((row) => row['known_at'] === row['funding_time'])).toBe(true);
  expect(reportOf(lake)).toMatchObject([{ rows: due.length, missing: 0, duplicates: 0, conflicts: 0 }]);
});

test('the first day of mark prices, 2019-12-23 from 11:58 on: 722 candles, nothing before, and no hole', async () => {
  const lake = streamLake();
  const open = minutes(at('2019-12-23T11:58Z'), 722);
  await landAnswer(lake, { stream: MARK, source: 'archive_daily', range: day('2019-12-23'), body: markFile(open) });
  const next = minutes(at('2019-12-24'), 1440);
  await landAnswer(lake, { stream: MARK, source: 'archive_daily', range: day('2019-12-24'), body: markFile(next) });
  await refineIn(lake, MARK);
  const rows = await rowsOf(lake, 'mark_candles');
  expect(rows.map((row) => row['open_time'])).toEqual([...open, ...next]);
  expect(reportOf(lake)).toMatchObject([{ rows: 2162, missing: 0 }]);
});

test('#483: 66 minutes of mark prices without any source are no rows: the next row and report count them', async () => {
  const lake = streamLake();
  const open = minutes(at('2024-02-10'), 1440).filter(
    (timeMs) => timeMs < at('2024-02-10T10:00Z') || timeMs >= at('2024-02-10T11:06Z'),
  );
  await landAnswer(lake, { stream: MARK, source: 'archive_daily', range: day('2024-02-10'), body: markFile(open) });
  await refineIn(lake, MARK);
  const rows = await rowsOf(lake, 'mark_candles');
  expect(rows.map((row) => row['open_time'])).toEqual(open);
  expect(rows.filter((row) => row['gap_before'] !== 0)).toEqual([
    expect.objectContaining({ open_time: at('2024-02-10T11:06Z'), gap_before: 66 }),
  ]);
  expect(reportOf(lake)).toMatchObject([{ missing: 66 }]);
});
