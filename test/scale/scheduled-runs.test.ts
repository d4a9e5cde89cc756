import { TABLES } from '../../lib/domain/tables.ts';
import { useOf } from '../../lib/lake/cost/aws-use.ts';
import type { AwsUse } from '../../lib/lake/cost/prices.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import { candleWork } from '../../lib/lake/plan/plan-work.ts';
import { type MeteredRun, meteredLake } from './metered-run.ts';

/** The use of one run of a schedule. */
interface Step {
  /** Time since the begin of the schedule. */
  readonly hours: number;
  readonly gets: number;
  readonly lists: number;
  readonly puts: number;
  /** Bytes that refine read of landed objects: what it unzipped and decoded. */
  readonly decodedBytes: number;
  /** Bytes of the version records. */
  readonly recordBytes: number;
  readonly counted: AwsUse;
  readonly estimated: AwsUse;
}

interface Schedule {
  readonly interval: string;
  readonly everyMinutes: number;
  readonly begin: string;
}

const RUNS = 200;
/** Half a minute on an idle machine. */
const TIMEOUT_MS = 900_000;
/** The history is short, so that the test takes its time for the runs. */
const FROM = '2024-02-26';

/** Runs a schedule over a simulated exchange whose clock moves on. */
async function runSchedule({ interval, everyMinutes, begin }: Schedule, store: MemoryStore): Promise<Step[]> {
  const lake = await meteredLake(begin, store);
  const steps: Step[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      // A minute behind the close of the candle, as the default schedule has it.
      lake.moveTo(Date.parse(begin) + (run * everyMinutes + 1) * 60_000);
      const made = await lake.run({ symbols: ['BTCUSDT'], interval, from: FROM });
      steps.push(stepOf((run * everyMinutes) / 60, made));
    }
  } finally {
    await lake.close();
  }
  return steps;
}

function stepOf(hours: number, { plan, stages, use }: MeteredRun): Step {
  const sum = (name: 'gets' | 'lists' | 'puts' | 'recordBytes') =>
    Object.values(stages).reduce((total, meter) => total + meter[name], 0);
  return {
    hours,
    gets: sum('gets'),
    lists: sum('lists'),
    puts: sum('puts'),
    decodedBytes: stages.refine.landedBytes,
    recordBytes: sum('recordBytes'),
    counted: use,
    estimated: useOf(candleWork(plan.series, plan.chunks)),
  };
}

const MEASURES = ['gets', 'lists', 'puts', 'decodedBytes', 'recordBytes'] as const;

/** The most of each measure between two hours of the schedule. */
function mostOf(steps: readonly Step[], fromHour: number, toHour: number): Record<(typeof MEASURES)[number], number> {
  const within = steps.filter(({ hours }) => hours >= fromHour && hours < toHour);
  return Object.fromEntries(MEASURES.map((name) => [name, Math.max(...within.map((step) => step[name]))])) as never;
}

/** The trace that a day leaves until the file of the month comes: a file with its receipt, named in records. */
const OF_A_DAY = { gets: 2, decodedBytes: 7_000, recordBytes: 400 } as const;
/** Until the file of yesterday comes, its page is read instead, and the archive's check. */
const OF_A_NIGHT = { ...OF_A_DAY, gets: 3 } as const;

function expectFlat(
  early: ReturnType<typeof mostOf>,
  late: ReturnType<typeof mostOf>,
  more = OF_A_DAY as Allowed,
): void {
  expect(late.gets).toBeLessThanOrEqual(early.gets + more.gets);
  expect(late.lists).toBeLessThanOrEqual(early.lists);
  expect(late.puts).toBeLessThanOrEqual(early.puts);
  expect(late.decodedBytes).toBeLessThanOrEqual(early.decodedBytes + more.decodedBytes);
  expect(late.recordBytes).toBeLessThanOrEqual(early.recordBytes + more.recordBytes);
}

type Allowed = Readonly<Record<keyof typeof OF_A_DAY, number>>;

/** Tables, checkpoints and manifests, by key. */
function shardsIn({ objects }: MemoryStore): Record<string, string> {
  const prefixes = [...TABLES, 'checkpoints', 'manifests'].map((name) => `${name}/`);
  const shards = [...objects].filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix)));
  return Object.fromEntries(shards.map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]));
}

describe('two hundred runs of a schedule', () => {
  // From noon to two in the afternoon, two days later: two day turns, and the turn of a month.
  const QUARTER_HOURLY = { interval: '15m', everyMinutes: 15, begin: '2024-02-28T12:00:00Z' };
  const store = memoryStore();
  let steps: Step[];
  beforeAll(async () => {
    steps = await runSchedule(QUARTER_HOURLY, store);
    if (process.env['CANDLELAKE_PRINT_SCALE']) printSteps(steps);
  }, TIMEOUT_MS);

  test('a quarter of an hour apart: the second day takes no more requests, decoding and record bytes', () => {
    expectFlat(mostOf(steps, 0.25, 24), mostOf(steps, 24.25, 48));
  });

  test('nor does the next month, once the file of the month has come', () => {
    // It has the days before the history, too.
    expectFlat(mostOf(steps, 0.25, 1.75), mostOf(steps, 48.5, 50), { ...OF_A_DAY, decodedBytes: 160_000 });
  });

  test('their shards are those of a lake that one run made, to the byte', async () => {
    const once = memoryStore();
    const lake = await meteredLake('2024-02-28T12:00:00Z', once);
    lake.moveTo(Date.parse(QUARTER_HOURLY.begin) + ((RUNS - 1) * 15 + 1) * 60_000);
    await lake.run({ symbols: ['BTCUSDT'], interval: '15m', from: FROM });
    await lake.close();
    expect(shardsIn(store)).toEqual(shardsIn(once));
  });

  test(
    'five minutes apart: the last hours take no more than the first',
    async () => {
      const everyFive = { interval: '5m', everyMinutes: 5, begin: '2024-02-29T16:00:00Z' };
      const fast = await runSchedule(everyFive, memoryStore());
      if (process.env['CANDLELAKE_PRINT_SCALE']) printSteps(fast);
      expectFlat(mostOf(fast, 0.1, 4), mostOf(fast, 12.5, 16.7), OF_A_NIGHT);
    },
    TIMEOUT_MS,
  );
});

function printSteps(steps: readonly Step[]): void {
  const lines = steps.filter((_, run) => run % 8 === 0 || run < 3).map((step) => JSON.stringify(step));
  process.stderr.write(`${lines.join('\n')}\n`);
}
