import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { FeatureEngine } from '../../features/engine.ts';
import { emptyLabelMemory, type LabelMemory } from '../../labels/label-memory.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Manifest } from '../manifest/contract.ts';
import { decodeCheckpoint } from './checkpoint.ts';

/** Where a series stands at the end of a shard: what the next one goes on from. */
export interface ShardEnd {
  readonly chain: string;
  readonly shard: { readonly period: Period; readonly checkpoint: Manifest['checkpoint'] } | undefined;
  /** Of the last candle up to here; NaN where there was none. */
  readonly lastOpenTimeMs: number;
  /** Undefined where no account has begun. */
  readonly accountedUntilMs: number | undefined;
}

/** Where a series stands before its first shard. */
export const BEFORE_ALL: ShardEnd = {
  chain: '',
  shard: undefined,
  lastOpenTimeMs: Number.NaN,
  accountedUntilMs: undefined,
};

/** The state at the end of a shard cannot be gone on from: the shard has to be made again. */
export class DamagedCheckpoint extends CorruptObject {
  readonly period: Period;

  constructor(period: Period, message: string) {
    super(message);
    this.period = period;
  }
}

/**
 * Has a feature engine go on from the end of a shard. Returns the label memory of then.
 * @throws DamagedCheckpoint where the state that was kept is not the one that the shard's manifest names
 */
export async function goOnFrom(end: ShardEnd, features: FeatureEngine, store: ObjectStore): Promise<LabelMemory> {
  features.reset();
  if (!end.shard) return emptyLabelMemory();
  const { period, checkpoint: expected } = end.shard;
  const { key } = expected;
  // A damaged state would go on into every later value without a word.
  const bytes = await store.get(key);
  const found = bytes ? sha256(bytes) : 'none';
  if (!bytes || found !== expected.sha256) {
    throw new DamagedCheckpoint(period, `${key} has sha256 ${found}, expected ${expected.sha256}`);
  }
  const checkpoint = decodeCheckpoint(bytes, key);
  if (checkpoint.chain !== end.chain) {
    throw new CorruptObject(`checkpoint ${key} has chain ${checkpoint.chain}, expected ${end.chain}`);
  }
  features.restore(checkpoint.engine);
  return checkpoint.labels;
}
