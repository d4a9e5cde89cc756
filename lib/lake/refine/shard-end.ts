import { CorruptObject } from '../../domain/errors.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { createFeatureEngine, type FeatureEngine } from '../../features/engine.ts';
import type { FeatureRow } from '../../features/feature-row.ts';
import { TABLE } from '../../features/table.ts';
import { emptyLabelMemory, type LabelMemory } from '../../labels/label-memory.ts';
import type { ObjectStore } from '../../ports.ts';
import type { Manifest } from '../manifest/contract.ts';
import { decodeCheckpoint } from './checkpoint.ts';

/** The state of a series at the end of a shard, from which the next shard continues. */
export interface ShardEnd {
  readonly chain: string;
  /** The last shard; undefined before the first. */
  readonly shard: { readonly period: Period; readonly checkpoint: Manifest['checkpoint'] } | undefined;
  /** The open time of the last candle so far; NaN before the first candle. */
  readonly lastOpenTimeMs: number;
  /** The end of the ledger so far; undefined before the first shard. */
  readonly accountedUntilMs: number | undefined;
  /** Resolves to the manifest of the last shard once this shard and all before it are stored. */
  readonly published: Promise<Manifest | undefined>;
  /** The engine of this pass, if it has computed a shard. */
  readonly engine?: FeatureEngine | undefined;
  /** The label memory, if this pass computed the last shard. The engine is then at its end. */
  readonly labelMemory?: LabelMemory | undefined;
}

/** The state of a series before its first shard. */
export const BEFORE_FIRST: ShardEnd = {
  chain: '',
  shard: undefined,
  lastOpenTimeMs: Number.NaN,
  accountedUntilMs: undefined,
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
 * Returns a feature engine and the label memory at the end of a shard, from the checkpoint if this pass did not compute
 * it.
 * @throws DamagedCheckpoint if the checkpoint is not the one that the shard's manifest names
 */
export async function resumeAfter(
  end: ShardEnd,
  {
    store,
    interval,
    features,
  }: { store: ObjectStore; interval: Interval; features: readonly FeatureRow[] | undefined },
): Promise<{ readonly engine: FeatureEngine; readonly labelMemory: LabelMemory }> {
  const engine = end.engine ?? borrowEngine(interval, features);
  if (end.labelMemory) return { engine, labelMemory: end.labelMemory };
  engine.reset();
  if (!end.shard) return { engine, labelMemory: emptyLabelMemory() };
  const { period, checkpoint: expected } = end.shard;
  const { key } = expected;
  // A damaged state would change every later value without an error.
  const bytes = await store.get(key);
  const found = bytes ? sha256(bytes) : 'none';
  if (!bytes || found !== expected.sha256) {
    throw new DamagedCheckpoint(period, `${key} has sha256 ${found}, expected ${expected.sha256}`);
  }
  const checkpoint = decodeCheckpoint(bytes, key);
  if (checkpoint.chain !== end.chain) {
    throw new CorruptObject(`checkpoint ${key} has chain ${checkpoint.chain}, expected ${end.chain}`);
  }
  engine.restore(checkpoint.engine);
  return { engine, labelMemory: checkpoint.labels };
}

/** One idle engine per interval. */
const idle = new Map<Interval, FeatureEngine>();

/**
 * Returns a feature engine before its first candle. It is one that another series has used, if there is one: V8
 * optimises the kernels of each new engine again, which takes several times as long as a month of candles does
 * afterwards.
 */
export function borrowEngine(interval: Interval, rows: readonly FeatureRow[] = TABLE): FeatureEngine {
  const engine = idle.get(interval);
  if (engine?.rows !== rows) return createFeatureEngine(interval, rows);
  idle.delete(interval);
  engine.reset();
  return engine;
}

/** Gives an engine back. The caller must not use it afterwards. */
export function returnEngine(interval: Interval, engine: FeatureEngine): void {
  idle.set(interval, engine);
}
