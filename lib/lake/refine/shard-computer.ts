import type { Interval } from '../../domain/interval.ts';
import { createFeatureEngine, type FeatureEngine } from '../../features/engine.ts';
import type { FeatureRow } from '../../features/feature-row.ts';
import { TABLE } from '../../features/table.ts';
import { emptyLabelMemory, type LabelMemory } from '../../labels/label-memory.ts';
import { type RefinedShard, refineShard, type ShardInput, type TableMemory } from './refine-shard.ts';

/** Computes shards of one series, one at a time and in the order of time. */
export interface ShardComputer {
  /** @param memory buffers that nobody reads any more. They belong to the computer from now on. */
  compute(input: ShardInput, start: ShardStart, memory?: TableMemory): Promise<RefinedShard>;
  /** Ends the work. The computer must not be used afterwards. */
  close(): Promise<void>;
}

/** The state that a shard continues from: that of the shard computed last, none, or that of a checkpoint. */
export type ShardStart = 'last shard' | 'beginning' | CheckpointState;

/** The part of a checkpoint that a shard continues from. */
export interface CheckpointState {
  readonly engine: Uint8Array;
  readonly labels: LabelMemory;
}

/** Returns a computer that works in this thread. It takes an engine with its first shard. */
export function shardComputer(interval: Interval, rows?: readonly FeatureRow[]): ShardComputer {
  let features: FeatureEngine | undefined;
  let labelMemory = emptyLabelMemory();
  let hasShard = false;
  return {
    async compute(input, start, memory) {
      features ??= borrowEngine(interval, rows);
      if (start !== 'last shard') labelMemory = moveTo(start, features);
      else if (!hasShard) throw new Error('the first shard cannot begin at the end of the last');
      hasShard = true;
      const { refined, labelMemory: next } = refineShard(input, { features, labelMemory }, memory);
      labelMemory = next;
      return refined;
    },
    async close() {
      if (features) returnEngine(interval, features);
    },
  };
}

/** Moves the engine to a state, and returns the label memory of this state. */
function moveTo(start: 'beginning' | CheckpointState, features: FeatureEngine): LabelMemory {
  features.reset();
  if (start === 'beginning') return emptyLabelMemory();
  features.restore(start.engine);
  return start.labels;
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
