import { ExchangeBusy, ExchangeRefused, mayPass } from '../../domain/errors.ts';
import type { Clock, Http, HttpAnswer, OnRetry } from '../../ports.ts';
import { exchangeWords } from './exchange-words.ts';

/** Tries of one question before the exchange counts as busy, and the pause before the second; it doubles after that. */
const TRIES = 3;
const FIRST_PAUSE_MS = 500;
/** A longer pause than this is not waited for here: the state machine comes back. */
const LONGEST_PAUSE_MS = 20_000;
const TIMEOUT_MS = 15_000;
const MAX_BYTES = 64 * 1024 * 1024;

export interface Asking {
  readonly http: Http;
  readonly clock: Clock;
  /** Receives each retry before its pause. */
  readonly onRetry?: OnRetry | undefined;
}

/**
 * Asks one of the few questions that planning needs, with patience. Only a 200 in the form that `read` expects is an
 * answer.
 * @throws ExchangeBusy if the exchange did not answer, failed (5xx) or limits us (429, 418)
 * @throws ExchangeRefused on any other status, with the exchange's own words; on 403 if it comes again and again
 * @throws UnexpectedFormat if `read` refuses each answer
 */
export async function ask<T>(
  url: string,
  { http, clock, onRetry }: Asking,
  read: (answer: HttpAnswer) => T,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      const answer = await http.get(url, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
      if (answer.status !== 200) throw failureOf(url, answer);
      return read(answer);
    } catch (error) {
      const { retryAfterSec } = error as Partial<ExchangeBusy>;
      const pauseMs = retryAfterSec === undefined ? FIRST_PAUSE_MS * 2 ** (tried - 1) : retryAfterSec * 1000;
      if (!mayPass(error) || error instanceof Banned || tried === TRIES || pauseMs > LONGEST_PAUSE_MS) throw error;
      onRetry?.({ error, attempt: tried + 1, of: TRIES, pauseMs });
      await clock.sleep(pauseMs);
    }
  }
}

/** The exchange has banned this address (418): asking again makes it longer. */
export class Banned extends ExchangeBusy {}

/** The exchange limits this address for now (429). */
export class Limited extends ExchangeBusy {}

function failureOf(url: string, answer: HttpAnswer): ExchangeBusy | ExchangeRefused {
  const words = exchangeWords(answer.body);
  const message = `${url} answered HTTP ${answer.status}${words ? `: ${words}` : ''}`;
  const afterSec = Number(answer.headers['retry-after']);
  const options = afterSec > 0 ? { retryAfterSec: afterSec } : {};
  if (answer.status === 418) return new Banned(message, options);
  if (answer.status === 429) return new Limited(message, options);
  if (answer.status >= 500) return new ExchangeBusy(message, options);
  return new ExchangeRefused(message, { status: answer.status });
}
