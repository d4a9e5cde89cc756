import { existsSync, readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The sections of docs/trust.md. Each begins with promises in bold and ends with what is not promised. */
const sections = read('docs/trust.md')
  .split(/^## /m)
  .slice(1)
  .map((text) => {
    const [promised, ...rest] = text.split('\n*Not promised:*\n');
    return { title: text.split('\n', 1)[0]!, promises: promised!.split(/^(?=\*\*)/m).slice(1), rest };
  });
const promises = sections.flatMap((section) => section.promises);
const titleOf = (promise: string) => /^\*\*(.+?)\*\*/s.exec(promise)![1]!;
const testsOf = (promise: string) =>
  [...promise.matchAll(/^\| (.+) \| `(test\/[^`]+)` \|$/gm)].map(([, title, file]) => [file!, title!] as const);

test.each(promises.flatMap(testsOf))('docs/trust.md names a test that exists: %s: %s', (file, title) => {
  expect(existsSync(new URL(`../${file}`, import.meta.url))).toBe(true);
  const source = read(file);
  // The title is a whole string in the file, in any quotes.
  expect(["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`))).toBe(true);
});

test('every promise has a test, and every line of its table names one', () => {
  expect(promises.length).toBeGreaterThan(60);
  expect(promises.filter((promise) => testsOf(promise).length === 0)).toEqual([]);
  const rows = promises.flatMap((promise) => promise.match(/^\| (?!test \| in \|).+$/gm) ?? []);
  expect(rows.length).toBe(promises.flatMap(testsOf).length);
});

test('every promise is at most twelve words', () => {
  expect(promises.map(titleOf).filter((title) => title.split(/\s+/).length > 12)).toEqual([]);
});

test.each(sections)('the section "$title" ends with what is not promised', ({ rest }) => {
  expect(rest).toHaveLength(1);
  expect(rest[0]).toMatch(/^\n- /);
});
