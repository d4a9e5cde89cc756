import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { CLOSE_MARGIN_MS } from '../../../lib/domain/closed.ts';
import { UnexpectedFormat } from '../../../lib/domain/errors.ts';
import type { Interval } from '../../../lib/domain/interval.ts';
import { subjectPeriodsIn } from '../../../lib/domain/subject-times.ts';
import { isoTime } from '../../../lib/domain/time-range.ts';
import { landingKey, receiptKey } from '../../../lib/lake/keys.ts';
import { decodeShard } from '../../../lib/lake/landing/decode-shard.ts';
import { listLanding } from '../../../lib/lake/landing/landing.ts';
import { NO_MEMORY } from '../../../lib/lake/landing/landing-memory.ts';
import type { FailedChunk } from '../../../lib/lake/ledger/failed-chunk.ts';
import { candleRows } from '../../support/candles.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { landAll, landedObject, type SeriesAnswer } from '../../support/landing.ts';
import { putOver } from '../../support/store.ts';

const series = (interval: Interval) => ({ market: 'um', symbol: 'BTCUSDT', interval }) as const;

/** Lands answers and decodes every period that they bear on. */
async function decoded(interval: Interval, answers: readonly SeriesAnswer[]) {
  const store = folderObjectStore(temporaryFolder());
  const objects = await Promise.all(answers.map((answer) => landedObject({ series: series(interval), ...answer })));
  await landAll(store, objects);
  const landing = await listLanding(store, series(interval), NO_MEMORY, (range) =>
    subjectPeriodsIn(series(interval), range),
  );
  const shards = new Map<string, { times: string[]; notClosed: number }>();
  const unreadable: FailedChunk[] = [];
  for (const [period, inputs] of landing.periods) {
    const { candles, notClosed, unreadable: own } = await decodeShard(store, interval, period, inputs);
    unreadable.push(...own);
    shards.set(period, { times: Array.from(candles.openTimeMs, isoTime), notClosed });
  }
  return { shards: Object.fromEntries(shards), objects, unreadable };
}

test('an object over two periods gives each the rows that are its own', async () => {
  const rows = candleRows('1h', '2023-12-31T22:00Z', 4);
  for (const source of ['rest', 'archive_daily'] as const) {
    const range = { fromMs: Date.parse('2023-12-31T22:00Z'), toMs: Date.parse('2024-01-01T02:00Z') };
    const day = { fromMs: Date.parse('2023-12-31'), toMs: Date.parse('2024-01-01') };
    const { shards } = await decoded('1h', [
      source === 'rest' ? { source, rows, range } : { source, rows: rows.slice(0, 2), range: day },
    ]);
    expect(shards['2023']!.times).toEqual(['2023-12-31T22:00:00Z', '2023-12-31T23:00:00Z']);
    if (source === 'rest') expect(shards['2024']!.times).toEqual(['2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z']);
    else expect(shards['2024']).toBeUndefined();
  }
});

test('a landed range without rows makes a shard without candles', async () => {
  const range = { fromMs: Date.parse('2023-12-31'), toMs: Date.parse('2024-01-02') };
  const { shards } = await decoded('1h', [{ source: 'rest', rows: [], range }]);
  expect(shards).toEqual({ '2023': { times: [], notClosed: 0 }, '2024': { times: [], notClosed: 0 } });
});

test.each([
  ['long before its end', -900_000, 2],
  ['at its end', 0, 2],
  ['a millisecond before the margin', CLOSE_MARGIN_MS - 1, 2],
  ['at the margin', CLOSE_MARGIN_MS, 3],
  ['long after', 86_400_000, 3],
])('a candle whose object was asked for %s is there or counted as not closed', async (_, afterEndMs, there) => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 3);
  const asOfMs = Date.parse('2024-02-01T03:00Z') + afterEndMs;
  const { shards } = await decoded('1h', [{ source: 'rest', rows, asOfMs }]);
  expect(shards['2024']!.times).toHaveLength(there);
  expect(shards['2024']!.notClosed).toBe(3 - there);
});

test('what one object saw open another may have seen closed', async () => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 3);
  const asOfMs = Date.parse('2024-02-01T02:30Z');
  const { shards } = await decoded('1h', [
    { source: 'rest', rows, asOfMs },
    { source: 'rest', rows: candleRows('1h', '2024-02-01T02:00Z', 1, 2) },
  ]);
  expect(shards['2024']).toMatchObject({ notClosed: 1, times: { length: 3 } });
});

test('a month is closed when the calendar says so', async () => {
  const rows = candleRows('1M', '2024-01-01T00:00Z', 2);
  const { shards } = await decoded('1M', [{ source: 'rest', rows, asOfMs: Date.parse('2024-03-01T00:00:01Z') }]);
  expect(shards['all']).toEqual({ times: ['2024-01-01T00:00:00Z'], notClosed: 1 });
});

describe('a row outside the range its object was asked for', () => {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 25);
  const range = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-02-02') };

  const after = ' has a candle of 2024-02-02T00:00:00Z, expected only [2024-02-01T00:00:00Z, 2024-02-02T00:00:00Z)';

  test('is refused if it comes after', async () => {
    const answer = { source: 'rest', rows, range } as const;
    await expect(decoded('1h', [answer])).rejects.toThrow(UnexpectedFormat);
    const { id } = await landedObject({ series: series('1h'), ...answer });
    await expect(decoded('1h', [answer])).rejects.toThrow(`${landingKey(id)}${after}`);
  });

  test('makes an archive file one that is ignored', async () => {
    const { shards, objects, unreadable } = await decoded('1h', [{ source: 'archive_daily', rows, range }]);
    expect(shards['2024']!.times).toEqual([]);
    const message = `${landingKey(objects[0]!.id)}${after}`;
    expect(unreadable).toMatchObject([{ error: 'UnexpectedFormat', message, source: 'archive_daily', asked: range }]);
  });

  test('is refused if it comes before', async () => {
    const late = { ...range, fromMs: range.fromMs + 3_600_000 };
    await expect(decoded('1h', [{ source: 'rest', rows: rows.slice(0, 5), range: late }])).rejects.toThrow(
      'has a candle of 2024-02-01T00:00:00Z',
    );
  });

  test('is one of the shard where weeks and months of the archive do not fit each other', async () => {
    const month = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') };
    const weeks = candleRows('1w', '2024-01-29T00:00Z', 5);
    const { shards } = await decoded('1w', [{ source: 'archive_monthly', rows: weeks, range: month }]);
    expect(shards['all']!.times[0]).toBe('2024-01-29T00:00:00Z');
    expect(shards['all']!.times).toHaveLength(5);
  });
});

test('landed bytes that are gone are an error', async () => {
  const store = folderObjectStore(temporaryFolder());
  const { id } = await landedObject({
    series: series('1h'),
    source: 'rest',
    rows: candleRows('1h', '2024-02-01T00:00Z', 1),
  });
  await expect(decodeShard(store, '1h', '2024', [{ ...id, receiptBytes: 0 }])).rejects.toThrow(
    `landing object ${landingKey(id)} is gone from ${store.url}`,
  );
});

test('landed bytes that have changed are refused, and so is an invalid receipt', async () => {
  const store = folderObjectStore(temporaryFolder());
  const landed = await landedObject({
    series: series('1h'),
    source: 'rest',
    rows: candleRows('1h', '2024-02-01T00:00Z', 3),
  });
  const decode = () => decodeShard(store, '1h', '2024', [{ ...landed.id, receiptBytes: 0 }]);
  await landAll(store, [landed]);
  expect((await decode()).candles.length).toBe(3);
  // A digit of a price: every byte is as plausible as before.
  const changed = Buffer.from(
    Buffer.from(landed.bytes)
      .toString()
      .replace(/\d\.\d/, '7.7'),
  );
  await putOver(store, landingKey(landed.id), changed);
  await expect(decode()).rejects.toMatchObject({
    name: 'CorruptObject',
    message: expect.stringMatching(/has sha256 [0-9a-f]{64}, expected [0-9a-f]{64} by its name/),
  });
  await putOver(store, landingKey(landed.id), landed.bytes);
  const { asOfMs, ...without } = landed.receipt;
  for (const text of ['{}', '', 'null', '[', JSON.stringify(without), JSON.stringify({ ...without, asOfMs: 'now' })]) {
    await store.put(receiptKey(landed.id), Buffer.from(text));
    await expect(decode()).rejects.toMatchObject({ name: 'CorruptObject' });
  }
});

describe('two candles of one interval of a day or longer, whose open times need not be on the grid', () => {
  const range = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') };
  const days = candleRows('1d', '2024-02-01T00:00Z', 20);
  const noon = candleRows('1h', '2024-02-09T12:00Z', 1);

  test('are refused: their file is ignored', async () => {
    const { shards, unreadable } = await decoded('1d', [
      { source: 'archive_monthly', rows: [...days, ...noon], range },
      { source: 'rest', rows: days.slice(3), range },
    ]);
    expect(shards['all']!.times).toHaveLength(17);
    const message = expect.stringMatching(
      /has candles of 2024-02-09T00:00:00Z and 2024-02-09T12:00:00Z, expected one in each 1d$/,
    );
    expect(unreadable).toMatchObject([{ error: 'UnexpectedFormat', message }]);
  });

  test('of two files stop the series by name; the same candle twice does not', async () => {
    const month: SeriesAnswer = { source: 'archive_monthly', rows: [...days, days[7]!], range };
    expect((await decoded('1d', [month])).shards['all']!.times).toHaveLength(20);
    await expect(decoded('1d', [month, { source: 'rest', rows: noon, range }])).rejects.toMatchObject({
      name: 'UnexpectedFormat',
      message: expect.stringMatching(/^what landed for all has candles of 2024-02-09T00:00:00Z and 2024-02-09T12/),
    });
  });
});

describe('a file that cannot be read', () => {
  const whole = candleRows('1h', '2024-02-01T00:00Z', 24);
  const range = { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-02-02') };
  const broken: SeriesAnswer = {
    source: 'archive_daily',
    rows: ['1706745600000,no,candle'],
    range,
    fetchedAtMs: 1_000,
  };
  const again: SeriesAnswer = { source: 'archive_daily', rows: whole, range, fetchedAtMs: 2_000 };

  test('is not used: its record has the error with file and row, its times of landing, and its bytes', async () => {
    const { shards, objects, unreadable } = await decoded('1h', [
      { ...broken, asOfMs: range.fromMs + 5.5 * 3_600_000 },
    ]);
    expect(shards).toEqual({ '2024': { times: [], notClosed: 0 } });
    const { id } = objects[0]!;
    expect(unreadable).toEqual([
      {
        ...{ key: landingKey(id), sha256: id.sha256, source: 'archive_daily', asked: range, atMs: 1_000 },
        ...{ range: { ...range, toMs: range.fromMs + 5 * 3_600_000 }, error: 'UnexpectedFormat' },
        message: expect.stringMatching(/^row 1 of BTCUSDT-1h.zip has 3 fields, expected 12/),
      },
    ]);
  });

  test('does not count once it was republished', async () => {
    const { shards, unreadable } = await decoded('1h', [broken, again]);
    expect(shards['2024']!.times).toHaveLength(24);
    expect(unreadable).toEqual([]);
  });

  test('is replaced by the newest older version that can be read', async () => {
    const older = { ...again, rows: whole.slice(0, 20), fetchedAtMs: 500 };
    const oldest = { ...again, rows: whole.slice(0, 10), fetchedAtMs: 400 };
    const broken2 = { ...broken, rows: ['1706745600000,no,candle,either'], fetchedAtMs: 900 };
    const { shards, unreadable } = await decoded('1h', [older, broken, oldest, broken2]);
    expect(shards['2024']!.times).toHaveLength(20);
    expect(unreadable).toMatchObject([{ atMs: 1_000 }]);
  });

  test('leaves what others say as it is', async () => {
    const rows = candleRows('1h', '2024-02-01T22:00Z', 4);
    const restRange = { fromMs: range.toMs - 2 * 3_600_000, toMs: range.toMs + 2 * 3_600_000 };
    const { shards, unreadable } = await decoded('1h', [broken, { source: 'rest', rows, range: restRange }]);
    expect(shards['2024']!.times).toHaveLength(4);
    expect(unreadable).toHaveLength(1);
  });
});
