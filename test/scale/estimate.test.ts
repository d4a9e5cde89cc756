import { useOf } from '../../lib/lake/cost/aws-use.ts';
import type { AwsUse } from '../../lib/lake/cost/prices.ts';
import type { PlanRequest } from '../../lib/lake/plan/contract.ts';
import { candleWork, streamWork } from '../../lib/lake/plan/plan-work.ts';
import { type MeteredLake, meteredLake } from './metered-run.ts';

let lake: MeteredLake;
beforeAll(async () => {
  lake = await meteredLake('2024-03-05T10:00:00Z');
});
afterAll(async () => lake?.close());

/** The estimate before a run, beside what is counted in the run. */
async function both(request: PlanRequest) {
  const { plan, use } = await lake.run(request);
  return { counted: use, estimated: useOf(candleWork(plan.series, plan.chunks)) };
}

const REQUEST = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', period: '3m' };

test('invocations, transitions and reads of a run are those estimated; its writes no more', async () => {
  const { counted, estimated } = await both(REQUEST);
  expect(estimated.invocations).toBe(counted.invocations);
  expect(estimated.transitions).toBe(counted.transitions);
  expect(estimated.gets).toBe(counted.gets);
  expect(estimated.puts).toBeGreaterThanOrEqual(counted.puts);
  expect(estimated.puts).toBeLessThan(counted.puts * 1.2);
});

test('so are those of a run with nothing new', async () => {
  const { counted, estimated } = await both(REQUEST);
  expect(estimated.invocations).toBe(counted.invocations);
  expect(estimated.transitions).toBe(counted.transitions);
  expect(estimated.gets).toBe(counted.gets);
  expect(estimated.puts).toBeGreaterThanOrEqual(counted.puts);
});

describe('runs of a schedule', () => {
  let scheduled: MeteredLake;
  beforeAll(async () => {
    scheduled = await meteredLake('2024-03-05T10:00:00Z');
  });
  afterAll(async () => scheduled?.close());

  /** A run that is due at this instant. */
  async function dueAt(time: string) {
    scheduled.moveTo(Date.parse(time));
    const { plan, use } = await scheduled.run(REQUEST);
    return { counted: use, estimated: useOf(candleWork(plan.series, plan.chunks)) };
  }

  test.each([
    ['the first', '2024-03-05T10:00:01Z'],
    ['an hour later: a new answer of REST', '2024-03-05T11:01:00Z'],
    ['another hour later', '2024-03-05T12:01:00Z'],
    ['after midnight: the whole page of yesterday', '2024-03-06T00:01:00Z'],
    ['in the first hour of the new day', '2024-03-06T01:01:00Z'],
    ['with the daily file', '2024-03-06T09:01:00Z'],
    ['after it', '2024-03-06T10:01:00Z'],
    ['with nothing new', '2024-03-06T10:16:00Z'],
    ['with the file of the month before', '2024-04-01T13:01:00Z'],
  ])('use what is estimated, or a little less: %s', async (_, time) => {
    const { counted, estimated } = await dueAt(time);
    expect(estimated.invocations).toBe(counted.invocations);
    expect(estimated.transitions).toBe(counted.transitions);
    for (const requests of ['puts', 'gets'] as const) {
      expect(estimated[requests]).toBeGreaterThanOrEqual(counted[requests]);
      expect(estimated[requests]).toBeLessThan(counted[requests] * 1.3 + 10);
    }
  });
});

describe('with streams', () => {
  const WITH_STREAMS = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', period: '2m', streams: true };

  async function bothWithStreams() {
    const { plan, use } = await lake.run(WITH_STREAMS);
    const candles = useOf(candleWork(plan.series, plan.chunks));
    const streams = useOf(streamWork(plan.streams!));
    const sum = (name: keyof AwsUse) => candles[name] + streams[name];
    return {
      counted: use,
      estimated: {
        invocations: sum('invocations'),
        transitions: sum('transitions'),
        puts: sum('puts'),
        gets: sum('gets'),
      },
    };
  }

  test.each(['new', 'nothing new'])(
    'invocations and transitions are those estimated, requests to S3 no more: %s',
    async () => {
      const { counted, estimated } = await bothWithStreams();
      expect(estimated.invocations).toBe(counted.invocations);
      expect(estimated.transitions).toBe(counted.transitions);
      for (const requests of ['puts', 'gets'] as const) {
        expect(estimated[requests]).toBeGreaterThanOrEqual(counted[requests]);
        expect(estimated[requests]).toBeLessThan(counted[requests] * 1.5 + 60);
      }
    },
  );
});
