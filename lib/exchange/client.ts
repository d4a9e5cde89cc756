import { type ExchangeBusy, mayPass, NotPublished } from '../domain/errors.ts';
import type { HttpAnswer } from '../ports.ts';
import type { ArchiveAccess } from './access.ts';
import { Banned, failureOf } from './http-failure.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** The longest pause that is waited for here. The state machine waits for longer ones, and does not pay meanwhile. */
const LONGEST_PAUSE_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;

interface GetOptions {
  /** A larger body is refused. */
  readonly maxBytes?: number;
  /** True for a file of the archive: HTTP 404 means that it is not published, and it may take longer. */
  readonly isFile?: boolean;
}

/** An answer that was accepted. */
export interface Accepted<T> {
  readonly answer: HttpAnswer;
  /** The result of `read`. */
  readonly value: T;
  /** Requests that it took, failed ones included. */
  readonly requests: number;
  /** Bytes of the bodies of all answers with status 200. */
  readonly bytes: number;
}

/**
 * Sends a GET, and repeats it while the failure may pass: the exchange is busy, its firewall refused one request (403),
 * or `read` refused the answer. Pauses double, or last as long as the exchange asks for. A ban is never retried.
 * @throws ExchangeBusy if the exchange stays busy or limits us for long (429), Banned if it has banned us (418)
 * @throws ExchangeRefused on any other status, NotPublished if a file is missing
 * @throws UnexpectedFormat if `read` refuses each answer
 */
export async function get<T>(
  url: string,
  { http, clock, onRetry }: Omit<ArchiveAccess, 'urls'>,
  read: (answer: HttpAnswer) => T,
  { maxBytes = MAX_BYTES, isFile = false }: GetOptions = {},
): Promise<Accepted<T>> {
  let bytes = 0;
  for (let requests = 1; ; requests += 1) {
    try {
      const answer = await http.get(url, { timeoutMs: isFile ? 30_000 : 20_000, maxBytes });
      if (isFile && answer.status === 404) throw new NotPublished(`${url} is not published (HTTP 404)`);
      if (answer.status !== 200) throw failureOf(url, answer, clock.nowMs());
      bytes += answer.body.byteLength;
      return { answer, value: read(answer), requests, bytes };
    } catch (error) {
      if (!mayPass(error) || error instanceof Banned || requests === TRIES) throw error;
      const { retryAfterSec } = error as Partial<ExchangeBusy>;
      const pauseMs = retryAfterSec === undefined ? FIRST_PAUSE_MS * 2 ** (requests - 1) : retryAfterSec * 1000;
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      onRetry?.({ error, attempt: requests + 1, of: TRIES, pauseMs });
      await clock.sleep(pauseMs);
    }
  }
}
