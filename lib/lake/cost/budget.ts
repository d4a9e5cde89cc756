import { BadInput } from '../../domain/errors.ts';
import type { PlanTotals } from '../plan/contract.ts';

/** Stops a run that is expected to cost more than it may, before it has cost anything. @throws BadInput naming both sums */
export function checkBudget({ awsUsd, series, candles }: PlanTotals, budgetUsd: number | undefined): void {
  if (budgetUsd === undefined || awsUsd <= budgetUsd) return;
  throw new BadInput(
    `estimated cost must be at most the budget of $${budgetUsd} a run, got $${dollars(awsUsd)} for ` +
      `${series} series and ${candles} candles; ask for fewer symbols or a shorter period, or raise the budget`,
  );
}

function dollars(amount: number): string {
  return amount.toFixed(amount < 1 ? 4 : 2);
}
