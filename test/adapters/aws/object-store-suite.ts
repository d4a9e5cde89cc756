import type { PrunableStore } from '../../../lib/ports.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** What every object store must do; each adapter is held to the same. */
export function describeObjectStore(name: string, newStore: () => Promise<PrunableStore>): void {
  describe(`object store: ${name}`, () => {
    let store: PrunableStore;
    beforeEach(async () => {
      store = await newStore();
    });
    const keys = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key);

    test('gives back the bytes that were put, whatever they are', async () => {
      const all = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
      await store.put('a/b/all.bin', all);
      await store.put('a/b/empty', new Uint8Array());
      expect(Buffer.compare((await store.get('a/b/all.bin'))!, all)).toBe(0);
      expect((await store.get('a/b/empty'))?.length).toBe(0);
    });

    test('a view on a larger buffer is put as the view', async () => {
      await store.put('view', bytes('0123456789').subarray(3, 6));
      expect(new TextDecoder().decode(await store.get('view'))).toBe('345');
    });

    test('what is not there is undefined, not an error', async () => {
      await store.put('a/b', bytes('x'));
      expect(await store.get('nothing')).toBeUndefined();
      expect(await store.get('a')).toBeUndefined();
      expect(await store.get('a/b/c')).toBeUndefined();
    });

    test('a put replaces', async () => {
      await store.put('k', bytes('a longer text'));
      await store.put('k', bytes('b'));
      expect(new TextDecoder().decode(await store.get('k'))).toBe('b');
      expect(await store.list('k')).toEqual([{ key: 'k', sizeBytes: 1 }]);
    });

    test('what is removed is gone, and nothing else; removing what is not there is no error', async () => {
      for (const key of ['a/b', 'a/bc', 'a/d/c']) await store.put(key, bytes(key));
      await store.remove('a/b');
      await store.remove('a/b');
      await store.remove('nothing/at/all');
      expect(await store.get('a/b')).toBeUndefined();
      expect(await keys('a/')).toEqual(['a/bc', 'a/d/c']);
      await store.put('a/b', bytes('again'));
      expect(new TextDecoder().decode(await store.get('a/b'))).toBe('again');
    });

    test('lists by prefix, in the order of UTF-8 bytes, with sizes', async () => {
      const put = ['p/b', 'p/a/2', 'p/a-1', 'p/a/1', 'p/B', 'p/é', 'p/币安', 'p/😀', 'p/\uff5e', 'q/a', 'p'];
      for (const key of put) if (key !== 'p') await store.put(key, bytes(key));
      expect(await keys('p/')).toEqual(
        put.filter((key) => key.startsWith('p/')).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
      expect(await keys('p/a')).toEqual(['p/a-1', 'p/a/1', 'p/a/2']);
      expect(await keys('p/a/')).toEqual(['p/a/1', 'p/a/2']);
      expect(await keys('nothing/')).toEqual([]);
      const after = (await store.list('p/', 'p/a/1')).map(({ key }) => key);
      expect(after).toEqual(
        (await keys('p/')).filter((key) => Buffer.compare(Buffer.from(key), Buffer.from('p/a/1')) > 0),
      );
      expect(after).not.toContain('p/a/1');
      expect(await store.list('q/')).toEqual([{ key: 'q/a', sizeBytes: 3 }]);
      expect(await keys('')).toHaveLength(10);
    });

    test('keys may hold what Hive paths and symbols hold', async () => {
      const key = 'candles/market=um/symbol=币安人生USDT/interval=1m/period=2024-02/candles.parquet';
      await store.put(key, bytes('x'));
      expect(await keys('candles/market=um/symbol=币安')).toEqual([key]);
      expect(await store.get(key)).toBeDefined();
    });

    test('readers of an object being replaced see the old bytes or the new', async () => {
      const versions = ['a', 'b', 'c'].map((letter) => bytes(letter.repeat(200_000)));
      await store.put('hot', versions[0]!);
      const writing = (async () => {
        for (const version of versions) await store.put('hot', version);
      })();
      for (let i = 0; i < 10; i++) {
        const seen = (await store.get('hot'))!;
        expect(versions.some((version) => Buffer.compare(version, seen) === 0)).toBe(true);
      }
      await writing;
    });
  });
}
