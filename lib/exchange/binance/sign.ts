import { createHmac } from 'node:crypto';

/**
 * Signature of a request: HMAC-SHA256 of exactly the query string that is sent, as lower-case hex. It goes last in the
 * query. Source: Binance API documentation, "SIGNED endpoint security", whose example is the test.
 */
export function sign(query: string, secret: string): string {
  return createHmac('sha256', secret).update(query).digest('hex');
}
