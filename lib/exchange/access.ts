import type { ApiKey, Clock, Http, OnRetry } from '../ports.ts';
import type { ExchangeUrls } from './markets.ts';

/** The means of every request to an exchange. A process has one, so that one governor counts all requests. */
export interface ExchangeAccess {
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  readonly governor: RequestGovernor;
  /** Sent to REST if given. Candles need no key. */
  readonly apiKey?: ApiKey | undefined;
  /** Receives each retry before its pause. */
  readonly onRetry?: OnRetry | undefined;
}

/** The parts of the access that an archive needs. */
export type ArchiveAccess = Omit<ExchangeAccess, 'governor' | 'apiKey'>;

/** The amount that an exchange allows one address in a window of its clock. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** The part of a budget that a request uses. */
interface Charge {
  readonly budget: Budget;
  readonly amount: number;
}

/** The part of an answer about the budgets. */
export interface BudgetAnswer {
  readonly status: number;
  /** Seconds for which the exchange asks for no further requests, if it names them. */
  readonly retryAfterSec: number | undefined;
  /** The use of the last charge's budget, as the exchange counts it. NaN or -1 if the answer does not have it. */
  readonly used: number;
}

/** Keeps one process within half of each budget of the exchanges. Hosts are counted separately. */
export interface RequestGovernor {
  /**
   * Resolves when the request may be sent. The last charge is the one that every request to the host has.
   * @throws Banned (an ExchangeBusy) while the exchange has banned us
   */
  admit(host: string, charges: readonly Charge[]): Promise<void>;
  /** Records the use, a requested pause (429) or a ban (418). */
  observe(host: string, charges: readonly Charge[], answer: BudgetAnswer): void;
}
