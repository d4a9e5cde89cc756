import { ExchangeBusy, ExchangeRefused } from '../domain/errors.ts';
import type { HttpAnswer } from '../ports.ts';

/** The exchange has banned this address (418). Each further request prolongs the ban. */
export class Banned extends ExchangeBusy {}

/** The exchange limits this address for now (429). */
export class Limited extends ExchangeBusy {}

/** The shortest ban. The longest lasts three days. */
const SHORTEST_BAN_SEC = 120;

/** Returns the error for an answer whose status is not 200. Its message has the exchange's own words. */
export function failureOf(url: string, answer: HttpAnswer, nowMs: number): ExchangeBusy | ExchangeRefused {
  const { status } = answer;
  const text = errorText(answer.body);
  const message = `${url} answered HTTP ${status}${text ? `: ${text}` : ''}`;
  const retryAfterSec = retryAfterOf(answer, nowMs);
  const options = retryAfterSec === undefined ? {} : { retryAfterSec };
  if (status === 418) return new Banned(message, options);
  if (status === 429) return new Limited(message, options);
  if (status >= 500) return new ExchangeBusy(message, options);
  return new ExchangeRefused(message, { status });
}

/** Returns the seconds for which an answer asks for no further requests. Returns undefined if it names no time. */
export function retryAfterOf({ status, headers, body }: HttpAnswer, nowMs: number): number | undefined {
  const header = Number(headers['retry-after']);
  if (header > 0) return header;
  const untilMs = /banned until (\d{13})/.exec(beginOf(body))?.[1];
  if (untilMs !== undefined) return Math.max(1, Math.ceil((Number(untilMs) - nowMs) / 1000));
  return status === 418 ? SHORTEST_BAN_SEC : undefined;
}

/** Returns the `msg` of an error body, or the first words of a body that is not JSON, such as the CDN's HTML. */
function errorText(body: Uint8Array): string {
  const text = beginOf(body);
  try {
    const { msg } = JSON.parse(text) as { msg?: unknown };
    if (typeof msg === 'string') return oneLine(msg);
  } catch {
    // Not JSON.
  }
  return oneLine(text.replaceAll(/<[^>]*>/g, ' ')).slice(0, 120);
}

function beginOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 2_000));
}

/** Removes control characters, because they would move the reader's cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
