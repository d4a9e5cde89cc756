import { Banned, failureOf, Limited } from '../../lib/exchange/http-failure.ts';
import type { HttpAnswer } from '../../lib/ports.ts';

const NOW = Date.parse('2024-03-05T10:00Z');

function failure(status: number, body = '', headers: HttpAnswer['headers'] = {}) {
  return failureOf('http://x/y', { status, headers, body: Buffer.from(body) }, NOW);
}

test.each([
  ['the message of an error', '{"code":-1121,"msg":"Invalid symbol."}', ': Invalid symbol.'],
  ['one line without control characters', '{"msg":"go\\naway\\u001b[2J"}', ': go away [2J'],
  ['the text of a page', '<HTML>\n<H1>403 ERROR</H1>\n<p>blocked\u0007\n</HTML>', ': 403 ERROR blocked'],
  ['the first 120 characters of any other body', `{"a":${'1'.repeat(500)}}`, `: {"a":${'1'.repeat(115)}`],
  ['nothing if the body is empty', '', ''],
])('failureOf quotes %s', (_, body, quoted) => {
  expect(failure(503, body).message).toBe(`http://x/y answered HTTP 503${quoted}`);
});

test.each([
  [400, 'ExchangeRefused', Error],
  [404, 'ExchangeRefused', Error],
  [418, 'ExchangeBusy', Banned],
  [429, 'ExchangeBusy', Limited],
  [451, 'ExchangeRefused', Error],
  [503, 'ExchangeBusy', Error],
] as const)('HTTP %i is %s', (status, name, kind) => {
  expect(failure(status)).toMatchObject({ name });
  expect(failure(status)).toBeInstanceOf(kind);
});

test.each([
  ['the header', 429, '', { 'retry-after': '7' }, 7],
  ['the time in the body', 418, `{"msg":"IP banned until ${NOW + 90_000}."}`, {}, 90],
  ['the header before the body', 418, `{"msg":"IP banned until ${NOW + 90_000}."}`, { 'retry-after': '5' }, 5],
  ['two minutes for a ban without a time', 418, '', {}, 120],
  ['nothing for a limit without a time', 429, '', {}, undefined],
] as const)('retryAfterSec is %s', (_, status, body, headers, retryAfterSec) => {
  expect(failure(status, body, headers)).toMatchObject({ retryAfterSec });
});
