import { existsSync, readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = read('docs/trust.md');
const [promised] = page.split('## What is not promised');
const named = [...page.matchAll(/^ {2}`(test\/[^`]+)`: (.+)$/gm)].map(([, file, title]) => [file!, title!] as const);

test.each(named)('the page of promises names a test that is there: %s: %s', (file, title) => {
  expect(existsSync(new URL(`../${file}`, import.meta.url))).toBe(true);
  const source = read(file);
  // As a whole text in the file, whatever its quotes.
  expect(["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`))).toBe(true);
});

test('every promise has its test', () => {
  const promises = promised!.split(/^- /m).slice(1);
  expect(promises.length).toBeGreaterThan(20);
  expect(promises.filter((promise) => !/\n {2}`test\//.test(promise))).toEqual([]);
});
