import { useOf } from '../lib/lake/cost/aws-use.ts';
import { LAMBDA_MIB } from '../lib/lake/cost/deployment.ts';
import { type AwsUse, PRICES, priceOf } from '../lib/lake/cost/prices.ts';
import type { PlanRequest } from '../lib/lake/plan/contract.ts';
import { candleWork } from '../lib/lake/plan/plan-work.ts';
import { type MeteredRun, meteredLake } from '../test/scale/metered-run.ts';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { printTable } from './print-table.ts';

const REQUESTS: readonly [string, PlanRequest][] = [
  ['1 symbol, 1y of 15m', { symbols: ['BTCUSDT'], interval: '15m', period: '1y' }],
  ['the same again', { symbols: ['BTCUSDT'], interval: '15m', period: '1y' }],
  ['2 symbols, 3m of 1m', { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1m', period: '3m' }],
  ['3 symbols, 1y of 1h', { symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'], interval: '1h', period: '1y' }],
];

/** The use of everything that AWS charges for: counted here, and as estimated before the run. */
export const cost: Benchmark = {
  about: `what a run would use and cost on AWS: counted in a local run, and estimated; prices of ${PRICES.asOf}`,
  cases: { runs: measureRuns },
  async report(measure) {
    const { parts } = await measure('runs');
    const rows = Object.entries(parts!).map(([name, values]) => [name, ...values.map(numberText)]);
    printTable(
      ['', 'gb-s', 'invocations', 'transitions', 'put+list', 'get', 'written MB', 'refine cpu s', 'usd'],
      rows,
    );
  },
};

async function measureRuns(): Promise<CaseResult> {
  const lake = await meteredLake('2024-03-05T10:00:00Z');
  const parts: Record<string, readonly number[]> = {};
  try {
    for (const [name, request] of REQUESTS) {
      const run = await lake.run(request);
      parts[name] = [...numbers(run.use), bytesWritten(run) / 1e6, run.stages.refine.cpuSeconds, priceOf(run.use)];
      const use = useOf(candleWork(run.plan.series, run.plan.chunks));
      parts[`  estimated (${name})`] = [...numbers(use), Number.NaN, Number.NaN, priceOf(use)];
    }
  } finally {
    await lake.close();
  }
  return { candles: 0, times: [0], parts, note: JSON.stringify(LAMBDA_MIB) };
}

function numbers({ gbSeconds, invocations, transitions, puts, gets }: AwsUse): number[] {
  return [gbSeconds, invocations, transitions, puts, gets];
}

function bytesWritten({ stages }: MeteredRun): number {
  return Object.values(stages).reduce((sum, stage) => sum + stage.putBytes, 0);
}

function numberText(value: number): string {
  if (Number.isNaN(value) || value === null) return '';
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
