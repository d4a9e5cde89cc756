import type { ExchangeAccess } from '../../exchange/access.ts';
import type { ObjectStore } from '../../ports.ts';

/** The lake and the exchange, as fetch uses them. */
export interface FetchContext extends ExchangeAccess {
  readonly store: ObjectStore;
}

/** The requests, bytes and weight that a chunk took. */
export interface Spent {
  readonly requests: number;
  readonly bytes: number;
  readonly restWeight: number;
}
