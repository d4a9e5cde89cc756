import fc from 'fast-check';
import { memoryStore } from '../../lib/lake/memory-store.ts';

const keys = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 12 });
/** The hexadecimal digits of the UTF-8 bytes sort as the bytes do. */
const hexOf = (key: string) => Buffer.from(key).toString('hex');

test('a store in memory lists keys by their UTF-8 bytes, not by UTF-16 units', async () => {
  // The emoji is a surrogate pair in UTF-16, below U+FF5E, and above it in UTF-8.
  const store = memoryStore();
  for (const key of ['😀', '～', 'a']) await store.put(key, Buffer.from('x'));
  expect((await store.list('')).map(({ key }) => key)).toEqual(['a', '～', '😀']);
  expect((await store.list('', '～')).map(({ key }) => key)).toEqual(['😀']);
});

test('a listing has each key of the prefix once, in the order of bytes, after the key given', async () => {
  await fc.assert(
    fc.asyncProperty(keys, fc.nat(), async (all, at) => {
      const store = memoryStore();
      for (const key of all) await store.put(key, Buffer.from('x'));
      const ordered = [...all].sort((a, b) => (hexOf(a) < hexOf(b) ? -1 : 1));
      expect((await store.list('')).map(({ key }) => key)).toEqual(ordered);
      const after = ordered[at % ordered.length]!;
      expect((await store.list('', after)).map(({ key }) => key)).toEqual(ordered.slice(ordered.indexOf(after) + 1));
    }),
  );
});
