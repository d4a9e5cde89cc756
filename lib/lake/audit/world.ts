import type { Clock, ObjectStore } from '../../ports.ts';
import type { Reach } from './reach.ts';
import type { ExchangeQuestions, LakeReaders } from './tools.ts';

export interface AuditWorld {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly readers: LakeReaders;
  readonly exchange: ExchangeQuestions;
  /** sha256 of the code that makes stream shards now. Shards that other code made are not rebuilt to compare them. */
  readonly codeHash: string;
  /** One for each process, so that a half that does not answer is asked once. */
  readonly reach: Reach;
  /** Has damaged shards made again by the next run and damaged landing objects fetched again. */
  readonly repair?: boolean;
}
