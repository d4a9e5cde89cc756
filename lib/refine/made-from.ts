import { landingKey } from '../domain/keys.ts';
import type { Period } from '../domain/period.ts';
import { landingsOf, type Receipt } from '../domain/receipt.ts';
import type { LandedThen, LandingTimes, MadeFrom } from './contract.ts';
import type { RecordedFailure } from './failed-chunk.ts';
import type { LandedId } from './landing.ts';

/** What a receipt says that bears on a shard. */
export function timesOf(receipt: Receipt): LandingTimes {
  const { fetchedAtMs, asOfMs } = receipt;
  const earlierMs = landingsOf(receipt)
    .slice(0, -1)
    .map((landing) => landing.fetchedAtMs);
  return { fetchedAtMs, asOfMs, ...(earlierMs.length > 0 && { earlierMs }) };
}

export interface MadeFromInput {
  readonly period: Period;
  /** Periods whose landed objects were looked at besides; the same one may be named twice. */
  readonly around: Iterable<Period>;
  readonly facts: readonly string[];
  readonly failures: readonly RecordedFailure[];
}

/** What landed for a period, and what the receipts said, in the same order. */
export interface LandedPeriods {
  readonly inputsOf: (period: Period) => readonly LandedId[];
  readonly timesOf: (period: Period) => Promise<readonly LandingTimes[]>;
}

/** Writes down what a shard is made from, before more of it lands. */
export async function madeFrom(input: MadeFromInput, landed: LandedPeriods): Promise<MadeFrom> {
  const { period, facts, failures } = input;
  const own = new Set(landed.inputsOf(period).map(landingKey));
  const others = new Map<string, LandedThen>();
  for (const one of new Set(input.around)) {
    const times = one === period ? [] : await landed.timesOf(one);
    times.forEach((then, index) => {
      const key = landingKey(landed.inputsOf(one)[index]!);
      if (!own.has(key)) others.set(key, { key, ...then });
    });
  }
  return {
    inputs: await landed.timesOf(period),
    others: [...others.values()],
    facts,
    failures: failures.map(({ key, text }) => ({ key, text })),
  };
}
