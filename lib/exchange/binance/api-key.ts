import { createHmac } from 'node:crypto';
import { UnexpectedFormat } from '../../domain/errors.ts';
import type { ApiKey, HttpAnswer } from '../../ports.ts';

/**
 * Returns the signature of a request: HMAC-SHA256 of exactly the query string that is sent, as lower-case hex. It is
 * the last parameter of the query. Source: Binance API documentation, "SIGNED endpoint security", whose example is the
 * test.
 */
export function sign(query: string, secret: string): string {
  return createHmac('sha256', secret).update(query).digest('hex');
}

/**
 * Returns the answer without our own API key. A server may repeat the key, and a refusal's text goes into messages.
 * @throws UnexpectedFormat if an answer that would land contains the key, because landed bytes are never changed
 */
export function withoutKey(url: string, answer: HttpAnswer, apiKey: ApiKey | undefined): HttpAnswer {
  const secrets = apiKey ? [apiKey.key, apiKey.secret] : [];
  const body = Buffer.from(answer.body);
  const isRepeated = secrets.some((text) => body.includes(text) || JSON.stringify(answer.headers).includes(text));
  if (!isRepeated) return answer;
  if (answer.status === 200)
    throw new UnexpectedFormat(`${url} must answer with candles, got our API key in the answer`);
  const hide = (text: string) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '<API key>'), text);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, hide(value)]);
  return { ...answer, headers: Object.fromEntries(headers), body: Buffer.from(hide(body.toString('utf8'))) };
}
