import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportFault } from './fault.ts';
import { bannedBody, errorBody, FORBIDDEN_HTML, serverErrorBody, tooManyBody } from './observed-bodies.ts';

/** An HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Request weight it cost. */
  readonly weight?: number;
}

export function jsonAnswer(status: number, body: string, rest: Partial<Answer> = {}): Answer {
  return { status, body, ...rest, headers: { 'content-type': 'application/json;charset=UTF-8', ...rest.headers } };
}

/** The refusal that a `status` fault asks for, with the body that the real exchange gives with that status. */
export function refusal(fault: TransportFault & { kind: 'status' }, weightLimit: number): Answer {
  const headers: Record<string, string> =
    fault.retryAfterSec === undefined ? {} : { 'retry-after': String(fault.retryAfterSec) };
  switch (fault.status) {
    case 403:
      return { status: 403, headers: { ...headers, 'content-type': 'text/html' }, body: FORBIDDEN_HTML };
    case 418:
      return jsonAnswer(418, bannedBody(fault.bannedUntilMs ?? Date.now() + 120_000), { headers });
    case 429:
      return jsonAnswer(429, tooManyBody(weightLimit), { headers });
    case 451:
      return jsonAnswer(451, errorBody('restricted'), { headers });
    default:
      return jsonAnswer(fault.status, serverErrorBody(), { headers });
  }
}

const DRIPS = 20;

/** Sends the answer, whole or spoilt as the fault says. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  fault: TransportFault | undefined,
): Promise<void> {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  if (request.method === 'HEAD') {
    response.end();
  } else if (fault?.kind === 'truncated_body') {
    // The part that is sent has to leave before the connection is cut, or the client may see nothing at all.
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  } else if (fault?.kind === 'slow') {
    const pauseMs = (fault.durationMs ?? 1000) / DRIPS;
    const size = Math.max(1, Math.ceil(body.length / DRIPS));
    for (let at = 0; at < body.length && !response.destroyed; at += size) {
      response.write(body.subarray(at, at + size));
      await sleep(pauseMs);
    }
    response.end();
  } else {
    response.end(body);
  }
}
