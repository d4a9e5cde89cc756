import { awsUse } from '../../lib/plan/aws-use.ts';
import type { PlanRequest } from '../../lib/plan/contract.ts';
import { awsWork } from '../../lib/plan/estimate.ts';
import type { AwsUse } from '../../lib/plan/prices.ts';
import { streamUse } from '../../lib/plan/stream-use.ts';
import { type MeteredLake, meteredLake } from './metered-run.ts';

let lake: MeteredLake;
beforeAll(async () => {
  lake = await meteredLake('2024-03-05T10:00:00Z');
});
afterAll(async () => lake?.close());

/** What is estimated before a run, beside what is counted in it. */
async function both(request: PlanRequest) {
  const { plan, use } = await lake.run(request);
  return { counted: use, estimated: awsUse(awsWork(plan.series, plan.chunks)) };
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

describe('with streams', () => {
  const WITH_STREAMS = { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1h', period: '2m', streams: true };

  async function bothWithStreams() {
    const { plan, use } = await lake.run(WITH_STREAMS);
    const candles = awsUse(awsWork(plan.series, plan.chunks));
    const streams = streamUse(plan.streams!);
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
