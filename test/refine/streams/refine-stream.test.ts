import fc from 'fast-check';
import type { Stream } from '../../../lib/domain/stream.ts';
import { isoTime, type TimeRange } from '../../../lib/domain/time-range.ts';
import type { StreamReport } from '../../../lib/refine/contract.ts';
import {
  landAnswer,
  landSighting,
  refineIn,
  rowsOf,
  type StreamAnswer,
  type StreamLake,
  streamLake,
  tableHashes,
} from './stream-lake.ts';

const HOUR = 3_600_000;
const STEP = 300_000;
const T0 = Date.parse('2024-01-31T00:00Z');
const FUNDING: Stream = { name: 'funding', market: 'um', symbol: 'BTCUSDT' };
const OPEN_INTEREST: Stream = { name: 'open_interest', market: 'um', symbol: 'BTCUSDT' };
const MARK: Stream = { name: 'mark_candles', market: 'um', symbol: 'BTCUSDT', interval: '1h' };
const INSTRUMENTS: Stream = { name: 'instruments', market: 'um' };

const JANUARY = { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') };

const oiRow = (timeMs: number, amount = timeMs / STEP) => ({
  timestamp: timeMs,
  sumOpenInterest: String(amount),
  sumOpenInterestValue: `${amount}.5`,
});
const oiBody = (fromMs: number, toMs: number) => {
  const rows = [];
  for (let timeMs = fromMs; timeMs < toMs; timeMs += STEP) rows.push(oiRow(timeMs));
  return JSON.stringify(rows);
};
const reportIn = (lake: StreamLake) =>
  JSON.parse(Buffer.from([...lake.objects].find(([key]) => key.startsWith('runs/'))![1]).toString()) as StreamReport;
const metrics = (rows: readonly [string, number][]) =>
  ['create_time,symbol,sum_open_interest,sum_open_interest_value,new_column']
    .concat(rows.map(([time, amount]) => `${time},BTCUSDT,${amount},${amount}.5,""`))
    .join('\n');

describe('open interest', () => {
  test('the same rows in any windows, landed in any order, give the same bytes', async () => {
    const toMs = T0 + 3 * 24 * HOUR;
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
    const range = { fromMs: T0, toMs: T0 + 48 * HOUR };
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: oiBody(range.fromMs, range.toMs) });
    expect(await refineIn(lake, OPEN_INTEREST)).toMatchObject({ shards: 2, recomputed: 2 });
    lake.puts = [];
    expect(await refineIn(lake, OPEN_INTEREST)).toMatchObject({ shards: 2, recomputed: 0 });
    expect(lake.puts).toEqual(['runs/run/refine/stream_open_interest_um_BTCUSDT.json']);
    expect(await refineIn(lake, OPEN_INTEREST, '1'.repeat(64))).toMatchObject({ recomputed: 2 });
  });

  test('a table that is gone or cut short is made again', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 48 * HOUR };
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
    const range = { fromMs: T0 + 23 * HOUR, toMs: T0 + 23 * HOUR + 2 * STEP };
    const rest = [oiRow(range.fromMs, 7), oiRow(range.fromMs + STEP, 8)];
    await landAnswer(lake, { stream: OPEN_INTEREST, source: 'rest', range, body: JSON.stringify(rest) });
    await landAnswer(lake, {
      stream: OPEN_INTEREST,
      source: 'archive_daily',
      range: { fromMs: T0, toMs: T0 + 24 * HOUR },
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

  test('the label that two files have on the day of the shift is that of the later day, whoever landed last', async () => {
    const day = (text: string) => ({ fromMs: Date.parse(text), toMs: Date.parse(text) + 24 * HOUR });
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
    const range = { fromMs: T0, toMs: T0 + 24 * HOUR };
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

describe('funding', () => {
  test('a file gives rate and interval, REST the mark price; the hour joins them', async () => {
    const lake = streamLake();
    const due = Date.parse('2024-01-31T08:00Z');
    const range = { fromMs: due, toMs: due + 16 * HOUR };
    const rest = [
      { fundingTime: due + 3, fundingRate: '0.00010000', markPrice: '43000.5', rateType: 'Regular' },
      { fundingTime: due + 8 * HOUR, fundingRate: '-0.00002', markPrice: '' },
    ];
    await landAnswer(lake, { stream: FUNDING, source: 'rest', range, body: JSON.stringify(rest) });
    await refineIn(lake, FUNDING);
    expect((await rowsOf(lake, 'funding')).map((row) => row['source'])).toEqual(['rest', 'rest']);
    await landAnswer(lake, {
      stream: FUNDING,
      source: 'archive_monthly',
      range: { fromMs: Date.parse('2024-01-01'), toMs: Date.parse('2024-02-01') },
      body: `calc_time,funding_interval_hours,last_funding_rate\n${due + 3},8,0.00010000\n${due + 8 * HOUR},4,1.5e-05\n`,
    });
    await refineIn(lake, FUNDING);
    const common = { source: 'archive_monthly' };
    expect(await rowsOf(lake, 'funding')).toEqual([
      {
        ...common,
        funding_time: due + 3,
        scheduled_time: due,
        funding_rate: 0.0001,
        funding_interval_hours: 8,
        mark_price: 43000.5,
        known_at: due + 3,
      },
      {
        ...common,
        funding_time: due + 8 * HOUR,
        scheduled_time: due + 8 * HOUR,
        funding_rate: 0.000015,
        funding_interval_hours: 4,
        mark_price: null,
        known_at: due + 8 * HOUR,
      },
    ]);
    const report = JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString());
    expect(report.shards).toMatchObject([{ period: '2024', duplicates: 1, conflicts: 1 }]);
  });
});

describe('mark candles', () => {
  const row = (openMs: number, close: number, count: number) =>
    [openMs, '10', '12', '9', String(close), '0', openMs + HOUR - 1, '0', count, '0', '0', '0'] as const;

  test('open candles are left out, placeholders make no conflict, prices do', async () => {
    const lake = streamLake();
    const range = { fromMs: T0, toMs: T0 + 3 * HOUR };
    const rest = [row(T0, 10, 3600), row(T0 + HOUR, 11, 3600), row(T0 + 2 * HOUR, 12, 5)];
    await landAnswer(lake, {
      stream: MARK,
      source: 'rest',
      range,
      body: JSON.stringify(rest),
      asOfMs: T0 + 2.5 * HOUR,
    });
    const file = [row(T0, 10, 60), row(T0 + HOUR, 11.5, 60)].map((fields) => fields.join()).join('\n');
    const day = { fromMs: T0, toMs: T0 + 24 * HOUR };
    await landAnswer(lake, { stream: MARK, source: 'archive_daily', range: day, body: file });
    await refineIn(lake, MARK);
    const rows = await rowsOf(lake, 'mark_candles');
    expect(rows.map((one) => [one['open_time'], one['close'], one['source']])).toEqual([
      [T0, 10, 'archive_daily'],
      [T0 + HOUR, 11.5, 'archive_daily'],
    ]);
    const report = JSON.parse(Buffer.from(lake.objects.get(lake.puts.at(-1)!)!).toString());
    expect(report.shards).toMatchObject([{ duplicates: 1, conflicts: 1, conflictSamples: [{ column: 'close' }] }]);
  });
});

describe('a landed file that cannot be read', () => {
  const [MONDAY, TUESDAY, WEDNESDAY] = ['2024-01-29', '2024-01-30', '2024-01-31'].map((text) => ({
    fromMs: Date.parse(text),
    toMs: Date.parse(text) + 24 * HOUR,
  })) as [TimeRange, TimeRange, TimeRange];
  const BROKEN = 'no zip at all';

  /** Rows of a file of each stream, one in eight hours, with a number that tells versions apart. */
  const CSV: Readonly<Record<string, (timeMs: number, value: number) => string>> = {
    funding: (timeMs, value) => `${timeMs},8,0.000${value}`,
    open_interest: (timeMs, value) => `${isoTime(timeMs).slice(0, 19).replace('T', ' ')},BTCUSDT,${value},${value}.5`,
    mark_candles: (timeMs, value) =>
      `${timeMs},${value},${value},${value},${value},0,${timeMs + 8 * HOUR - 1},0,60,0,0,0`,
  };
  const EIGHT_HOURLY: Stream = { ...MARK, interval: '8h' };
  const COLUMN = { funding: 'funding_rate', open_interest: 'sum_open_interest', mark_candles: 'close' };
  const SCALE = { funding: 10_000, open_interest: 1, mark_candles: 1 };

  describe.each([
    ['funding', FUNDING],
    ['open_interest', OPEN_INTEREST],
    ['mark_candles', EIGHT_HOURLY],
  ] as const)('of %s', (name, stream) => {
    const land = (lake: StreamLake, range: TimeRange, value: number | 'broken', more: Partial<StreamAnswer> = {}) => {
      const rows = [0, 8, 16].map((hour) => CSV[name]!(range.fromMs + hour * HOUR, value as number)).join('\n');
      const header = 'create_time,symbol,sum_open_interest,sum_open_interest_value\n';
      const body = value === 'broken' ? Buffer.from(BROKEN) : name === 'open_interest' ? header + rows : rows;
      return landAnswer(lake, { stream, source: 'archive_daily', range, body, ...more });
    };
    const values = async (lake: StreamLake) =>
      (await rowsOf(lake, name)).map((row) => Math.round((row[COLUMN[name]] as number) * SCALE[name]));
    const failed = (range: TimeRange, lacking: readonly TimeRange[]) => ({
      ...{ source: 'archive_daily', range, landed: true, lacking, error: 'CorruptObject' },
      message: expect.stringMatching(/^some\.zip is not a whole zip: /),
    });

    test('says nothing: its stream is refined from everything else, and the report names it, again and again', async () => {
      const lake = streamLake();
      const without = streamLake();
      for (const one of [lake, without]) {
        await land(one, MONDAY, 1);
        await land(one, WEDNESDAY, 3);
      }
      await land(lake, TUESDAY, 'broken');
      await refineIn(without, stream);
      await refineIn(lake, stream);
      expect(await values(lake)).toEqual([1, 1, 1, 3, 3, 3]);
      expect(tableHashes(lake)).toEqual(tableHashes(without));
      const { shards, failed: told } = reportIn(lake);
      expect(told).toEqual([failed(TUESDAY, [TUESDAY])]);
      expect(shards.reduce((sum, { missing }) => sum + missing, 0)).toBe(
        reportIn(without).shards.reduce((sum, { missing }) => sum + missing, 0),
      );
      expect(reportIn(without)).not.toHaveProperty('failed');
      lake.puts = [];
      expect(await refineIn(lake, stream)).toMatchObject({ recomputed: 0 });
      expect(lake.puts).toEqual([expect.stringMatching(/^runs\//)]);
      expect(reportIn(lake).failed).toEqual(told);
    });

    test('leaves no table and no trace of itself where nothing else landed, but in the report', async () => {
      const lake = streamLake();
      await land(lake, WEDNESDAY, 'broken');
      expect(await refineIn(lake, stream)).toMatchObject({ shards: 0 });
      expect(reportIn(lake)).toMatchObject({ shards: [], failed: [failed(WEDNESDAY, [WEDNESDAY])] });
      expect(tableHashes(lake)).toEqual({});
      expect(await refineIn(lake, stream)).toMatchObject({ recomputed: 0 });
    });

    test('is stood for by the newest older version that can be read, and lacks nothing then', async () => {
      const lake = streamLake();
      const old = streamLake();
      await land(old, TUESDAY, 5);
      await land(lake, TUESDAY, 4, { fetchedAtMs: 1_000 });
      await land(lake, TUESDAY, 5, { fetchedAtMs: 2_000 });
      await land(lake, TUESDAY, 0, { fetchedAtMs: 3_000, body: Buffer.from('neither is this') });
      await land(lake, TUESDAY, 'broken', { fetchedAtMs: 4_000 });
      for (const one of [old, lake]) await refineIn(one, stream);
      expect(await values(lake)).toEqual([5, 5, 5]);
      expect(tableHashes(lake)).toEqual(tableHashes(old));
      expect(reportIn(lake).failed).toEqual([failed(TUESDAY, [])]);
    });

    test('counts for nothing once it was put there again: the same bytes as where it never was', async () => {
      const lake = streamLake();
      const whole = streamLake();
      for (const one of [lake, whole]) await land(one, MONDAY, 1);
      await land(lake, TUESDAY, 'broken', { fetchedAtMs: 1_000 });
      await refineIn(lake, stream);
      for (const one of [lake, whole]) {
        await land(one, TUESDAY, 2, { fetchedAtMs: 2_000 });
        await refineIn(one, stream);
      }
      expect(await values(lake)).toEqual([1, 1, 1, 2, 2, 2]);
      expect(tableHashes(lake)).toEqual(tableHashes(whole));
      expect(reportIn(lake)).not.toHaveProperty('failed');
    });

    test('lacks only that of which nothing else tells', async () => {
      const lake = streamLake();
      await land(lake, JANUARY, 'broken', { source: 'archive_monthly' });
      await land(lake, MONDAY, 1);
      const range = { fromMs: TUESDAY.fromMs, toMs: WEDNESDAY.toMs };
      await land(lake, range, 0, { source: 'rest', body: '[]', asOfMs: WEDNESDAY.fromMs + 60_000 });
      await refineIn(lake, stream);
      expect(reportIn(lake).failed![0]!.lacking).toEqual([{ fromMs: JANUARY.fromMs, toMs: MONDAY.fromMs }, WEDNESDAY]);
    });

    test('is no cover for landed bytes that are not those of their sha256: they stop the stream', async () => {
      const lake = streamLake();
      await land(lake, MONDAY, 1);
      await land(lake, TUESDAY, 'broken');
      const key = [...lake.objects.keys()].find((one) => one.includes('2024-01-30') && one.endsWith('.zip'))!;
      lake.objects.set(key, Buffer.from('no zip at al1'));
      await expect(refineIn(lake, stream)).rejects.toMatchObject({
        name: 'CorruptObject',
        message: expect.stringContaining(`${key} has sha256 `),
      });
    });
  });

  test('is told of once, in the shard in which it begins, although its last row is of the next', async () => {
    const lake = streamLake();
    await landAnswer(lake, {
      stream: OPEN_INTEREST,
      source: 'archive_daily',
      range: WEDNESDAY,
      body: Buffer.from(BROKEN),
    });
    await refineIn(lake, OPEN_INTEREST);
    const manifests = [...lake.objects].filter(([key]) => key.startsWith('manifests/'));
    expect(manifests.map(([, bytes]) => 'unreadable' in JSON.parse(Buffer.from(bytes).toString()).report)).toEqual([
      true,
      false,
    ]);
    expect(reportIn(lake).failed).toHaveLength(1);
  });
});

describe('instruments', () => {
  const symbol = (name: string, more: object = {}) => ({
    symbol: name,
    status: 'TRADING',
    contractType: 'PERPETUAL',
    onboardDate: 1_600_000_000_000,
    deliveryDate: 4_133_404_800_000,
    somethingNew: { nested: true },
    ...more,
  });
  const see = (lake: StreamLake, atMs: number, symbols: readonly object[]) =>
    landSighting(lake, INSTRUMENTS, 'exchange_info', JSON.stringify({ serverTime: atMs, symbols }), atMs);

  test('a row a change: listed, settling, gone, listed again; an unchanged snapshot adds none', async () => {
    const lake = streamLake();
    const days = Array.from({ length: 6 }, (_, day) => Date.parse('2024-01-30T10:00Z') + day * 24 * HOUR);
    const [d0, d1, d2, d3, d4, d5] = days as [number, number, number, number, number, number];
    await see(lake, d0, [symbol('BTCUSDT')]);
    await see(lake, d1, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await refineIn(lake, INSTRUMENTS);
    await see(lake, d2, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await see(lake, d3, [symbol('BTCUSDT'), symbol('NEWUSDT', { status: 'SETTLING', deliveryDate: d4 })]);
    await see(lake, d4, [symbol('BTCUSDT')]);
    await see(lake, d5, [symbol('BTCUSDT'), symbol('NEWUSDT')]);
    await refineIn(lake, INSTRUMENTS);
    const rows = await rowsOf(lake, 'instruments');
    const told = (row: Record<string, unknown>) => [row['symbol'], row['valid_from'], row['first_seen'], row['status']];
    expect(rows.map(told)).toEqual([
      ['BTCUSDT', d0, d0, 'TRADING'],
      ['NEWUSDT', d1, d1, 'TRADING'],
      ['NEWUSDT', d3, d1, 'SETTLING'],
      ['NEWUSDT', d4, d1, 'ABSENT'],
      ['NEWUSDT', d5, d1, 'TRADING'],
    ]);
    expect(rows[2]!['delivery_time']).toBe(d4);
    const once = streamLake();
    for (const [key, bytes] of [...lake.objects].reverse())
      if (key.startsWith('landing/')) once.objects.set(key, bytes);
    await refineIn(once, INSTRUMENTS);
    expect(tableHashes(once)).toEqual(tableHashes(lake));
  });

  test('a month without a change has no table, and what it knew is not forgotten', async () => {
    const lake = streamLake();
    await see(lake, Date.parse('2024-01-30'), [symbol('BTCUSDT')]);
    await see(lake, Date.parse('2024-02-10'), [symbol('BTCUSDT')]);
    await see(lake, Date.parse('2024-03-10'), [symbol('BTCUSDT', { status: 'SETTLING' })]);
    expect(await refineIn(lake, INSTRUMENTS)).toMatchObject({ shards: 2, recomputed: 3 });
    expect(await refineIn(lake, INSTRUMENTS)).toMatchObject({ shards: 2, recomputed: 0 });
    expect((await rowsOf(lake, 'instruments')).map((row) => row['status'])).toEqual(['TRADING', 'SETTLING']);
  });
});

describe('what has not the form it should have', () => {
  const range = { fromMs: T0, toMs: T0 + 24 * HOUR };
  const bad: [string, Stream, 'rest' | 'archive_daily' | 'archive_monthly', string, RegExp][] = [
    ['no JSON', FUNDING, 'rest', '<html>', /\.json is not JSON$/],
    ['an object', OPEN_INTEREST, 'rest', '{"code":0}', /\.json is not a JSON array$/],
    [
      'a rate in words',
      FUNDING,
      'rest',
      `[{"fundingTime":${T0},"fundingRate":"high"}]`,
      /^row 1 of .* field fundingRate/,
    ],
    [
      'a time in seconds',
      OPEN_INTEREST,
      'rest',
      JSON.stringify([oiRow(T0), { ...oiRow(T0), timestamp: 1706659200 }]),
      /^row 2 of .* field timestamp/,
    ],
    [
      'another header',
      OPEN_INTEREST,
      'archive_daily',
      'time,symbol\n1,2',
      /^header of some.zip is 'time,symbol', expected it to have create_time$/,
    ],
    [
      'a row cut short',
      OPEN_INTEREST,
      'archive_daily',
      `${metrics([])}\n2024-01-31 00:00:00,BTC`,
      /^row 1 of some.zip has 2 fields, expected 5/,
    ],
    [
      'a day that is none',
      OPEN_INTEREST,
      'archive_daily',
      metrics([['2024-02-30 00:00:00', 1]]),
      /^row 1 of some.zip field create_time .*2024-02-30/,
    ],
    [
      'an empty amount',
      OPEN_INTEREST,
      'archive_daily',
      `${metrics([])}\n2024-01-31 00:00:00,BTCUSDT,"",1,""`,
      /^row 1 of some.zip field sum_open_interest/,
    ],
    [
      'an interval of none',
      FUNDING,
      'archive_monthly',
      `${T0},,0.0001`,
      /^row 1 of some.zip field funding_interval_hours/,
    ],
  ];
  test.each(bad)('%s is UnexpectedFormat and says where', async (_what, stream, source, body, message) => {
    const lake = streamLake();
    const asked = source === 'archive_monthly' ? JANUARY : range;
    await landAnswer(lake, { stream, source, range: asked, body });
    const told = { error: 'UnexpectedFormat', message: expect.stringMatching(message) };
    if (source === 'rest') {
      const { error: name, ...where } = told;
      await expect(refineIn(lake, stream)).rejects.toMatchObject({ name, ...where });
    } else {
      await refineIn(lake, stream);
      expect(reportIn(lake).failed).toEqual([{ source, range: asked, ...told, landed: true, lacking: [asked] }]);
    }
  });

  test('so is a snapshot without symbols', async () => {
    const lake = streamLake();
    await landSighting(lake, INSTRUMENTS, 'exchange_info', '{"symbols":[{"name":"BTCUSDT"}]}', T0);
    await expect(refineIn(lake, INSTRUMENTS)).rejects.toMatchObject({
      name: 'UnexpectedFormat',
      message: expect.stringMatching(/part=exchange_info.* field symbols\.0\.symbol/),
    });
  });
});
