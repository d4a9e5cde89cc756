import { memoryStore } from '../../lib/lake/memory-store.ts';
import { differences, lakeFaults } from '../support/lake-faults.ts';
import { candleValues } from '../support/parquet.ts';
import { type ChaosWorld, startChaos } from './chaos-world.ts';
import { FORGED_ZIPS, type ForgedZip } from './forged-data.ts';
import { sweepKills } from './kill-sweep.ts';
import { type DataFault, scheduleOf } from './schedule.ts';
import { type Oracle, trySchedule, undisturbedLakes } from './try-schedule.ts';

const SCHEDULES = 24;
/** Several times what it takes, for a machine that others use as well. */
const TIMEOUT_MS = 300_000;
const FIRST_SEED = 1;
const DAILY = 'ETHUSDT-1h-2024-01-01.zip';

let world: ChaosWorld;
let oracle: Oracle;
beforeAll(async () => {
  world = await startChaos();
  oracle = undisturbedLakes(world);
});
afterAll(() => world.close());

test('a schedule is a pure function of its seed', () => {
  expect(scheduleOf(17)).toEqual(scheduleOf(17));
  expect(new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(scheduleOf(seed)))).size).toBe(50);
});

test(
  `${SCHEDULES} seeded schedules: readable throughout, true reports, the same bytes after a clean run`,
  async () => {
    const wrong: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      const found = await trySchedule(scheduleOf(seed), world, oracle);
      if (found.length > 0) wrong.push(`npm run chaos -- --count 1 --seed ${seed}: ${found.join('; ')}`);
    }
    expect(wrong).toEqual([]);
    // Schedules in which nothing strikes would prove nothing.
    expect(world.struck.size).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);

test(
  'killed at operations of the store in turn, before and after each',
  async () => {
    expect(await sweepKills(world, oracle, 17)).toEqual([]);
  },
  TIMEOUT_MS,
);

describe('what the exchange publishes wrongly, under a checksum that agrees', () => {
  const UNREADABLE: readonly ForgedZip[] = FORGED_ZIPS.filter(
    (kind) => !['folder_name', 'header_gone', 'microseconds', 'windows_line_ends'].includes(kind),
  );
  const forged = (kind: ForgedZip): DataFault => ({ by: 'forger', forgery: { kind, match: DAILY } });

  /** One run says which file cannot be read, and has its candles from REST. */
  async function expectHealed(data: DataFault): Promise<void> {
    const { run, lake } = await oracle(data);
    expect(run.report).toMatchObject({
      ...{ complete: true, failures: [] },
      healed: [
        {
          name: 'um/ETHUSDT/1h archive_daily 2024-01-01',
          error: expect.stringMatching(/^(UnexpectedFormat|CorruptObject)$/),
          message: expect.stringContaining(DAILY.slice(0, 7)),
        },
      ],
    });
    const whole = (await oracle(undefined)).lake;
    expect(differences(lake, whole).filter((key) => !key.includes('ETHUSDT'))).toEqual([]);
    expect(await candleValues(lake)).toEqual(await candleValues(whole));
    expect(await lakeFaults(lake)).toEqual([]);
  }

  test.each(UNREADABLE)('%s: the file is named, REST has its candles, the lake is whole', async (kind) => {
    await expectHealed(forged(kind));
  });

  test.each(['folder_name', 'header_gone', 'microseconds', 'windows_line_ends'] as const)(
    '%s: another way to write the same candles',
    async (kind) => {
      const { run, lake } = await oracle(forged(kind));
      expect(run.report?.complete).toBe(true);
      expect(differences(lake, (await oracle(undefined)).lake)).toEqual([]);
    },
  );

  test.each(['duplicated_rows', 'out_of_order_rows'] as const)('%s: put right, and counted', async (kind) => {
    const { run, lake } = await oracle({ by: 'exchange', fault: { kind, match: DAILY } });
    expect(run.report?.complete).toBe(true);
    expect(differences(lake, (await oracle(undefined)).lake)).toEqual([]);
    const duplicates = run.report!.series.flatMap(({ shards }) => shards.map((shard) => shard.duplicates));
    expect(duplicates.reduce((sum, count) => sum + count, 0)).toBe(kind === 'duplicated_rows' ? 3 : 0);
  });

  test.each(['extra_columns', 'open_last_candle'] as const)(
    '%s: the file is named, REST has its candles',
    async (kind) => {
      await expectHealed({ by: 'exchange', fault: { kind, match: DAILY } });
    },
  );

  test.each(['truncated_zip', 'corrupt_zip'] as const)('%s: the file is named, REST has its candles', async (kind) => {
    await expectHealed({ by: 'exchange', fault: { kind, checksumAgrees: true, match: DAILY } });
  });

  test('restated_rows: real bytes, and the lake has them; only those candles are others', async () => {
    const { run, lake } = await oracle({ by: 'exchange', fault: { kind: 'restated_rows', match: DAILY } });
    expect(run.report?.complete).toBe(true);
    const [values, known] = await Promise.all([candleValues(lake), candleValues((await oracle(undefined)).lake)]);
    expect([...values.keys()]).toEqual([...known.keys()]);
    expect([...values].filter(([key, value]) => known.get(key) !== value)).toHaveLength(3);
  });

  test('missing_day of a file: REST has it, and the lake ends with the same candles', async () => {
    const { run, lake } = await oracle({ by: 'exchange', fault: { kind: 'missing_day', match: DAILY } });
    expect(run.report?.complete).toBe(true);
    expect(run.report?.notices).toEqual(['asked REST for 24 candles that archive files lack']);
    expect(await candleValues(lake)).toEqual(await candleValues((await oracle(undefined)).lake));
  });

  test('missing_day of files and REST: never filled; the report counts the wanted candles that exist', async () => {
    const fault = { kind: 'missing_day', day: '2024-01-01', match: 'ETHUSDT' } as const;
    const { run, lake } = await oracle({ by: 'exchange', fault });
    const [values, known] = await Promise.all([candleValues(lake), candleValues((await oracle(undefined)).lake)]);
    const missing = known.size - values.size;
    const wanted = run.report!.series.reduce((sum, series) => sum + series.wantedCandles, 0);
    const have = run.report!.series.reduce((sum, series) => sum + series.candles, 0);
    expect({ missing, told: wanted - have }).toEqual({ missing: 24, told: 24 });
  });
});

test('the watch sees what it is there for', async () => {
  const { lake: whole } = await oracle(undefined);
  const lake = memoryStore();
  for (const [key, bytes] of whole.objects) await lake.put(key, bytes);
  expect(await lakeFaults(lake)).toEqual([]);
  const key = [...lake.objects.keys()].find((name) => name.endsWith('features.parquet'))!;
  await lake.put(key, lake.objects.get(key)!.subarray(0, 1000));
  expect((await lakeFaults(lake)).join()).toMatch(/cannot be read.*has not the hash that its manifest lists/);
  expect(differences(lake, whole)).toEqual([key]);
});
