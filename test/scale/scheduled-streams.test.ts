import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { meteredLake } from './metered-run.ts';

/** The requests and bytes of the streams in one run of a schedule. */
interface Step {
  readonly hours: number;
  gets: number;
  lists: number;
  puts: number;
  /** Bytes of landed objects that were read. */
  landedBytes: number;
  /** Bytes of manifests that were put. */
  manifestBytes: number;
}

const RUNS = 60;
const EVERY_HOURS = 1;
const BEGIN = '2024-02-28T18:00:00Z';
const TIMEOUT_MS = 900_000;
const STREAM_KEYS =
  /^(?:landing\/streams|manifests\/streams|checks\/streams|instruments|funding|open_interest|mark_candles)\//;

function counting(store: ObjectStore, step: () => Step): ObjectStore {
  const isOfStreams = (key: string) => STREAM_KEYS.test(key);
  return {
    url: store.url,
    async get(key) {
      const bytes = await store.get(key);
      if (isOfStreams(key)) step().gets++;
      if (key.startsWith('landing/streams/')) step().landedBytes += bytes?.length ?? 0;
      return bytes;
    },
    async put(key, bytes, condition) {
      if (isOfStreams(key)) step().puts++;
      if (key.startsWith('manifests/streams/')) step().manifestBytes += bytes.length;
      return store.put(key, bytes, condition);
    },
    async list(prefix, after) {
      const objects = await store.list(prefix, after);
      if (isOfStreams(prefix)) step().lists += Math.max(1, Math.ceil(objects.length / 1000));
      return objects;
    },
  };
}

async function runSchedule(store: MemoryStore, hoursOfRuns: readonly number[]): Promise<Step[]> {
  const steps: Step[] = [];
  const lake = await meteredLake(
    BEGIN,
    counting(store, () => steps.at(-1)!),
  );
  try {
    for (const hours of hoursOfRuns) {
      steps.push({ hours, gets: 0, lists: 0, puts: 0, landedBytes: 0, manifestBytes: 0 });
      // A quarter of an hour later, because the exchange has settled funding and open interest by then.
      lake.moveTo(Date.parse(BEGIN) + hours * 3_600_000 + 15 * 60_000);
      await lake.run({ symbols: ['BTCUSDT'], interval: '1h', from: '2024-02-26', streams: true });
    }
  } finally {
    await lake.close();
  }
  return steps;
}

const MEASURES = ['gets', 'lists', 'puts', 'landedBytes', 'manifestBytes'] as const;

function mostOf(steps: readonly Step[], fromHour: number, toHour: number): Record<(typeof MEASURES)[number], number> {
  const within = steps.filter(({ hours }) => hours >= fromHour && hours < toHour);
  return Object.fromEntries(MEASURES.map((name) => [name, Math.max(...within.map((step) => step[name]))])) as never;
}

/** Not funding: the one run finds the file of the month, and so does not ask REST for mark prices. */
function tablesIn({ objects }: MemoryStore): Record<string, string> {
  const tables = [...objects].filter(([key]) => /^(?:open_interest|mark_candles)\/.*\.parquet$/.test(key));
  return Object.fromEntries(tables.map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]));
}

describe('hourly runs over streams', () => {
  const store = memoryStore();
  let steps: Step[];
  beforeAll(async () => {
    steps = await runSchedule(
      store,
      Array.from({ length: RUNS }, (_, run) => run * EVERY_HOURS),
    );
    if (process.env['CANDLELAKE_PRINT_SCALE']) {
      process.stderr.write(`${steps.map((step) => JSON.stringify(step)).join('\n')}\n`);
    }
  }, TIMEOUT_MS);

  test('read, list and write as much within a day, and from day to day, whatever ran before them', () => {
    const early = mostOf(steps, 7, 11);
    const dayEnd = mostOf(steps, 25, 29);
    const late = mostOf(steps, 31, 35);
    // A day leaves a file of open interest and one of mark candles, each with its receipt, until the month ends.
    for (const [one, other] of [
      [early, dayEnd],
      [early, late],
    ] as const) {
      expect(other.gets).toBeLessThanOrEqual(one.gets + 4);
      expect(other.lists).toBeLessThanOrEqual(one.lists);
      expect(other.puts).toBeLessThanOrEqual(one.puts);
      expect(other.manifestBytes).toBeLessThanOrEqual(one.manifestBytes + 2 * 400);
    }
    expect(late.landedBytes).toBeLessThanOrEqual(early.landedBytes + 40_000);
  });

  test('bring the tables of one run, to the byte', async () => {
    const once = memoryStore();
    await runSchedule(once, [(RUNS - 1) * EVERY_HOURS]);
    expect(tablesIn(store)).toEqual(tablesIn(once));
  });
});
