import type { Period } from '../../domain/period.ts';
import { type LandingId, landingKey } from '../keys.ts';
import type { RecordedFailure } from '../ledger/failed-chunk.ts';
import type { LandedThen, LandingTimes, MadeFrom } from './contract.ts';

/** The landed objects of a shard in key order, and the landing times of each. */
interface LandedInputs {
  readonly inputs: readonly LandingId[];
  readonly landed: readonly LandingTimes[];
}

interface ShardEvidence {
  readonly period: Period;
  /** Other periods whose landed objects were used. A period may appear twice. */
  readonly around: Iterable<Period>;
  readonly facts: readonly string[];
  readonly failures: readonly RecordedFailure[];
}

/** Lists everything that a shard is made from, before more of it lands. */
export async function versionInputs(
  { period, around, facts, failures }: ShardEvidence,
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
