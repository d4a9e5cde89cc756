import type { FeatureRow } from '../../features/feature-row.ts';
import type { Clock, ObjectStore } from '../../ports.ts';

export interface RefineWorld {
  readonly store: ObjectStore;
  /** Tells when a version is published; no value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that refines; other code makes every shard anew. */
  readonly codeHash: string;
  /** The feature table to compute; the whole table if absent. It must contain `volatility_7d`, which the labels read. */
  readonly features?: readonly FeatureRow[];
  /** True when the invocation should stop at the next shard boundary and hand back a cursor. */
  readonly outOfTime: () => boolean;
}
