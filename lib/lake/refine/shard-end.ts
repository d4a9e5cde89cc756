import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Manifest } from '../manifest/contract.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import type { RefinedShard } from './refine-shard.ts';
import type { ShardStart } from './shard-computer.ts';

/** The state of a series at the end of a shard, from which the next shard continues. */
export interface ShardEnd {
  readonly chain: string;
  /** The checkpoint of the last shard; undefined before the first, and if this pass computes the last shard. */
  readonly checkpoint: { readonly period: Period; readonly object: Manifest['checkpoint'] } | undefined;
  /** True after the first shard. */
  readonly hasShard: boolean;
  /** The open time of the last candle so far; NaN before the first candle. */
  readonly lastOpenTimeMs: number;
  /** The end of the ledger so far; undefined before the first shard. */
  readonly accountedUntilMs: number | undefined;
  /** The last shard that this pass computes; undefined before the first. */
  readonly refined: Promise<RefinedShard | undefined>;
  /**
   * Resolves once the next shard may be computed: the last shard is computed, and those before it are stored. The
   * memory of the result may then be used again: it is the shard that was computed before the last.
   */
  readonly computed: Promise<RefinedShard | undefined>;
  /** Resolves to the manifest of the last shard once this shard and all before it are stored. */
  readonly published: Promise<Manifest | undefined>;
}

/** The state of a series before its first shard. */
export const BEFORE_FIRST: ShardEnd = {
  chain: '',
  checkpoint: undefined,
  hasShard: false,
  lastOpenTimeMs: Number.NaN,
  accountedUntilMs: undefined,
  refined: Promise.resolve(undefined),
  computed: Promise.resolve(undefined),
  published: Promise.resolve(undefined),
};

/** A shard from whose checkpoint no other can continue. It must be computed again. */
export class DamagedCheckpoint extends CorruptObject {
  readonly period: Period;

  constructor(period: Period, message: string) {
    super(message);
    this.period = period;
  }
}

/**
 * Returns the state that the shard after `end` continues from.
 * @throws DamagedCheckpoint if the checkpoint is not the one that the shard's manifest names
 */
export async function startAfter({ chain, checkpoint, hasShard }: ShardEnd, store: ObjectStore): Promise<ShardStart> {
  if (!checkpoint) return hasShard ? 'last shard' : 'beginning';
  const { period, object } = checkpoint;
  const { key } = object;
  // A damaged state would change every later value without an error.
  const bytes = await store.get(key);
  const found = bytes ? sha256(bytes) : 'none';
  if (!bytes || found !== object.sha256) {
    throw new DamagedCheckpoint(period, `${key} has sha256 ${found}, expected ${object.sha256}`);
  }
  const decoded = decodeCheckpoint(bytes, key);
  if (decoded.chain !== chain) {
    throw new CorruptObject(`checkpoint ${key} has chain ${decoded.chain}, expected ${chain}`);
  }
  return decoded;
}
