import { type AwsWork, awsUse } from './aws-use.ts';
import { replacedPrice } from './estimate.ts';
import { PRICES, priceOf } from './prices.ts';

/** A schedule whose runs all do the same work. */
export interface Schedule {
  readonly runsPerMonth: number;
  readonly work: AwsWork;
  /** Days that the bucket keeps a replaced version of a table: `retentionDays.replacedTables`. */
  readonly replacedTableDays: number;
}

/** US dollars a month. */
export interface MonthlyBill {
  readonly runsUsd: number;
  /** Tables that the runs replaced, as long as the bucket keeps them. */
  readonly replacedUsd: number;
}

/** States of the machine that names a scheduled run and starts it. */
const STARTER_TRANSITIONS = 3;

export function monthlyBill({ runsPerMonth, work, replacedTableDays }: Schedule): MonthlyBill {
  return {
    runsUsd: runsPerMonth * (priceOf(awsUse(work)) + STARTER_TRANSITIONS * PRICES.stateTransition),
    replacedUsd: runsPerMonth * replacedPrice(work, replacedTableDays),
  };
}
