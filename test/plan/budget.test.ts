import { checkBudget } from '../../lib/plan/budget.ts';
import type { PlanTotals } from '../../lib/plan/contract.ts';

const totals = { awsUsd: 12.345, series: 600, candles: 1_000_000 } as PlanTotals;

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

  test('lets pass what costs as much or less, and everything where there is no budget', () => {
    expect(() => checkBudget(totals, 12.345)).not.toThrow();
    expect(() => checkBudget(totals, undefined)).not.toThrow();
  });
});
