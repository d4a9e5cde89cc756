import fc from 'fast-check';
import { wrap } from '../../lib/cli/layout.ts';
import { oneLine, plainWords, shortUrls } from '../../lib/cli/plain-text.ts';

test.each([
  ['a line', 'a line'],
  [' two\r\nlines ', 'two lines'],
  ['\u001b[31mred\u0007', '[31mred'],
])('oneLine %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test.each([
  ['<!DOCTYPE HTML>\n<html><body class="a">no <b>entry</b></body></html>', 'no entry'],
  ['<style>p { x: y }</style><script>if (a < b) c()</script>go <!-- not this -->on', 'go on'],
  ['cut in the middle of <a href="', 'cut in the middle of'],
  ['3 < 4 and 5 > 2', '3 < 4 and 5 > 2'],
  ['x-mbx-apikey <API key> is not known', 'x-mbx-apikey <API key> is not known'],
])('plainWords %j', (text, words) => {
  expect(plainWords(text)).toBe(words);
});

test.each([
  ['https://a.b/fapi/v1/klines?symbol=X&limit=499 answered', 'https://a.b/…/klines?… answered'],
  ['http://127.0.0.1:9/x.zip: no', 'http://127.0.0.1:9/x.zip: no'],
  ['no address', 'no address'],
])('shortUrls %j', (text, short) => {
  expect(shortUrls(text)).toBe(short);
});

test('wrap keeps every word in its order, and no line is longer than it may be unless one word is', () => {
  const words = fc.array(fc.stringMatching(/^[a-z/]{1,30}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 80 }), fc.integer({ min: 0, max: 6 }), (line, width, indent) => {
      const lines = wrap(line.join(' '), width, indent);
      expect(lines.join(' ').split(/ +/)).toEqual(line);
      for (const one of lines) {
        if (one.length > width) expect(one.trim()).not.toContain(' ');
      }
    }),
  );
});
