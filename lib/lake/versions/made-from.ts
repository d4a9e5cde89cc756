import type { Period } from '../../domain/period.ts';
import { type LandingId, landingKey } from '../keys.ts';
import { landingsOf, type Receipt } from '../landing/receipt.ts';
import type { RecordedFailure } from '../ledger/failed-chunk.ts';
import type { LandedThen, LandingTimes, MadeFrom } from './contract.ts';

/** What a receipt says that bears on a shard. */
export function timesOf(receipt: Receipt): LandingTimes {
  const { fetchedAtMs, asOfMs } = receipt;
  const earlierMs = landingsOf(receipt)
    .slice(0, -1)
    .map((landing) => landing.fetchedAtMs);
  return { fetchedAtMs, asOfMs, ...(earlierMs.length > 0 && { earlierMs }) };
}

/** The landed objects of a shard, in key order, and when each of them had landed. */
interface LandedInputs {
  readonly inputs: readonly LandingId[];
  readonly landed: readonly LandingTimes[];
}

export interface MadeFromInput {
  readonly period: Period;
  /** Periods whose landed objects were looked at besides; the same one may be named twice. */
  readonly around: Iterable<Period>;
  readonly facts: readonly string[];
  readonly failures: readonly RecordedFailure[];
}

/** Writes down what a shard is made from, before more of it lands. */
export async function madeFrom(
  { period, around, facts, failures }: MadeFromInput,
  decoded: (period: Period) => Promise<LandedInputs>,
): Promise<MadeFrom> {
  const { inputs, landed } = await decoded(period);
  const own = new Set(inputs.map(landingKey));
  const others = new Map<string, LandedThen>();
  for (const one of new Set(around)) {
    const part = await decoded(one);
    part.inputs.forEach((id, index) => {
      const key = landingKey(id);
      if (!own.has(key)) others.set(key, { key, ...part.landed[index]! });
    });
  }
  return {
    inputs: landed,
    others: [...others.values()],
    facts,
    failures: failures.map(({ key, text }) => ({ key, text })),
  };
}
