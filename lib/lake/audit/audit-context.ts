import type { Clock, ObjectStore } from '../../ports.ts';
import type { AuditExchange } from './audit-exchange.ts';

/** The lake that is audited, and what it is compared with. */
export interface AuditContext {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly exchange: AuditExchange;
  /** sha256 of the code that refines streams now. Shards by other code are not rebuilt to compare them. */
  readonly codeHash: string;
  /** True if damaged shards are rebuilt by the next run, and damaged landing objects are fetched again. */
  readonly repair?: boolean;
}
