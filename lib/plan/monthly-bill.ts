import { type AwsWork, awsUse } from './aws-use.ts';
import { replacedPrice } from './estimate.ts';
import { type AwsUse, PRICES, priceOf } from './prices.ts';

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

/** What an audit reads: series and streams, objects of the lake, and files whose checksum the archive is asked for. */
export interface AuditWork {
  readonly parts: number;
  readonly objects: number;
  readonly files: number;
}

/** Assumed, 2026-11: no audit on AWS has been billed yet. Eight objects at once, and four questions to the archive. */
const AUDIT_SECONDS = { perPart: 0.7, perObject: 0.01, perFile: 0.05 } as const;
/** A gibibyte of memory; start, task and end of a child; a dozen listings and a report. */
const AUDIT_OF_A_PART = { gib: 1, transitions: 3, puts: 13 } as const;

export function auditUse({ parts, objects, files }: AuditWork): AwsUse {
  const { perPart, perObject, perFile } = AUDIT_SECONDS;
  return {
    gbSeconds: AUDIT_OF_A_PART.gib * (parts * perPart + objects * perObject + files * perFile),
    invocations: parts + 2,
    transitions: parts * AUDIT_OF_A_PART.transitions + 6,
    puts: parts * AUDIT_OF_A_PART.puts,
    gets: objects,
  };
}
