import { exchangeWords } from '../../lib/exchange/binance/exchange-words.ts';

test.each([
  ['the words of an error', '{"code":-1121,"msg":"Invalid symbol."}', 'Invalid symbol.'],
  ['in one line that moves no cursor', '{"msg":"go\\naway\\u001b[2J"}', 'go away [2J'],
  ['of a page what it says', '<HTML>\n<H1>403 ERROR</H1>\n<p>blocked\u0007\n</HTML>', '403 ERROR blocked'],
  ['the beginning of anything else', `{"a":${'1'.repeat(500)}}`, `{"a":${'1'.repeat(115)}`],
  ['nothing of nothing', '', ''],
])('%s', (_, body, words) => {
  expect(exchangeWords(Buffer.from(body))).toBe(words);
});
