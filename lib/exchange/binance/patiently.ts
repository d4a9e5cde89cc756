import { type ExchangeBusy, mayPass } from '../../domain/errors.ts';
import type { Clock, OnRetry } from '../../ports.ts';
import { Banned } from './weight-governor.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** The longest pause obeyed here; a longer one is the state machine's, which does not pay while it waits. */
const LONGEST_PAUSE_MS = 60_000;

export interface Patience {
  readonly clock: Clock;
  /** Receives each retry before its pause. */
  readonly onRetry?: OnRetry | undefined;
}

/**
 * Tries again a few times if the failure may pass: the exchange is busy, its firewall refused one request (403), or an
 * answer has the wrong form. Pauses double, or are as long as the exchange asks for. A ban is never answered by a
 * retry.
 */
export async function patiently<T>({ clock, onRetry }: Patience, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error) || error instanceof Banned || tried === TRIES) throw error;
      const { retryAfterSec } = error as Partial<ExchangeBusy>;
      const pauseMs = retryAfterSec === undefined ? FIRST_PAUSE_MS * 2 ** (tried - 1) : retryAfterSec * 1000;
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      onRetry?.({ error, attempt: tried + 1, of: TRIES, pauseMs });
      await clock.sleep(pauseMs);
    }
  }
}
