import type { Stream } from '../../../../lib/domain/stream.ts';
import { isoTime, type TimeRange } from '../../../../lib/domain/time-range.ts';
import {
  FUNDING,
  JANUARY,
  landAnswer,
  MARK,
  OPEN_INTEREST,
  refineIn,
  reportIn,
  rowsOf,
  type StreamAnswer,
  type StreamLake,
  streamLake,
  tableHashes,
} from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('a landed file that cannot be read', () => {
  const [MONDAY, TUESDAY, WEDNESDAY] = ['2024-01-29', '2024-01-30', '2024-01-31'].map((text) => ({
    fromMs: Date.parse(text),
    toMs: Date.parse(text) + 24 * HOUR_MS,
  })) as [TimeRange, TimeRange, TimeRange];
  const BROKEN = 'no zip at all';

  /** Rows of a file of each stream, one in eight hours, with a number that tells versions apart. */
  const CSV: Readonly<Record<string, (timeMs: number, value: number) => string>> = {
    funding: (timeMs, value) => `${timeMs},8,0.000${value}`,
    open_interest: (timeMs, value) => `${isoTime(timeMs).slice(0, 19).replace('T', ' ')},BTCUSDT,${value},${value}.5`,
    mark_candles: (timeMs, value) =>
      `${timeMs},${value},${value},${value},${value},0,${timeMs + 8 * HOUR_MS - 1},0,60,0,0,0`,
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
      const rows = [0, 8, 16].map((hour) => CSV[name]!(range.fromMs + hour * HOUR_MS, value as number)).join('\n');
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

    test('is ignored: its stream is refined from everything else, and each report names it', async () => {
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

    test('leaves a trace only in the report if nothing else landed', async () => {
      const lake = streamLake();
      await land(lake, WEDNESDAY, 'broken');
      expect(await refineIn(lake, stream)).toMatchObject({ shards: 0 });
      expect(reportIn(lake)).toMatchObject({ shards: [], failed: [failed(WEDNESDAY, [WEDNESDAY])] });
      expect(tableHashes(lake)).toEqual({});
      expect(await refineIn(lake, stream)).toMatchObject({ recomputed: 0 });
    });

    test('is replaced by the newest older version that can be read, and then lacks nothing', async () => {
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

    test('does not count once it was republished: the same bytes as without it', async () => {
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

  test('is reported once, in the shard in which it begins, although its last row is of the next', async () => {
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
