import type { Series } from '../../../lib/domain/series.ts';
import { useOf } from '../../../lib/lake/cost/aws-use.ts';
import { PRICES, priceOf } from '../../../lib/lake/cost/prices.ts';
import type { PlannedSeries, PlanTotals } from '../../../lib/lake/plan/contract.ts';
import { checkBudget, planTotals } from '../../../lib/lake/plan/plan-totals.ts';

const totals = { awsUsd: 12.345, series: 600, candles: 1_000_000 } as PlanTotals;

describe('planTotals', () => {
  const series: Series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' };
  const planned = (replacedCandles: number) =>
    [
      {
        series,
        periods: ['2024'],
        wantedCandles: 0,
        wantedChunks: 20,
        lakeReads: 0,
        remadeShards: 1,
        inputsAgain: 1,
        replacedCandles,
      },
    ] as unknown as PlannedSeries[];

  test('prices the replaced tables by the days that the bucket keeps them', () => {
    const none = planTotals(planned(0), [], 2);
    const [two, thirty] = [2, 30].map((days) => planTotals(planned(1e6), [], days));
    // A million candles of 600 bytes for a month.
    expect(thirty!.awsReplacedUsd).toBeCloseTo(0.6 * PRICES.s3StandardGbMonth, 6);
    expect(two!.awsReplacedUsd).toBeCloseTo(thirty!.awsReplacedUsd / 15, 6);
    expect(none.awsReplacedUsd).toBe(0);
    for (const one of [two!, thirty!]) expect(one.awsUsd - one.awsReplacedUsd).toBeCloseTo(none.awsUsd, 5);
  });

  test('prices the weekly audit of the series beside the run, not as a part of it', () => {
    const [one, two] = [planned(0), [...planned(0), ...planned(0)]].map((series) => planTotals(series, []));
    // Two objects per chunk, and seven of the shard.
    expect(one!.awsAuditUsd).toBeCloseTo(
      priceOf(useOf({ audit: 1, auditedPart: 1, auditedObject: 47, auditedFile: 20 })),
      6,
    );
    expect(two!.awsAuditUsd - one!.awsAuditUsd).toBeGreaterThan(0);
  });

  test('so a run can be above its budget because of the tables that it replaces', () => {
    const budgetUsd = 0.005;
    expect(() => checkBudget(planTotals(planned(0), [], 30), budgetUsd)).not.toThrow();
    expect(() => checkBudget(planTotals(planned(1e6), [], 30), budgetUsd)).toThrow(
      /at most the budget of \$0\.005 a run/,
    );
  });
});

describe('checkBudget', () => {
  test('stops what costs more, with both sums', () => {
    expect(() => checkBudget(totals, 5)).toThrow(
      expect.objectContaining({
        name: 'BadInput',
        message: expect.stringMatching(
          /^estimated cost must be at most the budget of \$5 a run, got \$12\.3[45] for 600/,
        ),
      }),
    );
  });

  test('lets pass what costs as much or less, and everything if no budget is set', () => {
    expect(() => checkBudget(totals, 12.345)).not.toThrow();
    expect(() => checkBudget(totals, undefined)).not.toThrow();
  });
});
