import { ExchangeBusy } from '../domain/errors.ts';
import type { Clock } from '../ports.ts';
import { Banned } from './weight-governor.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** The longest pause obeyed here; a longer one is the state machine's, which does not pay while it waits. */
const LONGEST_PAUSE_MS = 60_000;

/** Tries again while the exchange is busy, a few times, with pauses that double or are as long as it asks for. */
export async function patiently<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ExchangeBusy) || error instanceof Banned || tried === TRIES) throw error;
      const { retryAfterSec } = error;
      const pauseMs = retryAfterSec === undefined ? FIRST_PAUSE_MS * 2 ** (tried - 1) : retryAfterSec * 1000;
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
