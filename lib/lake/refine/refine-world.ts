import type { Clock, ObjectStore } from '../../ports.ts';

export interface RefineWorld {
  readonly store: ObjectStore;
  /** Tells when a version is published; no value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that refines; other code makes every shard anew. */
  readonly codeHash: string;
  /** True when the invocation should stop at the next shard boundary and hand back a cursor. */
  readonly outOfTime: () => boolean;
}
