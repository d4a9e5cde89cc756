import type { PrunableStore } from '../../../lib/ports.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The tests that every object store must pass, the same for each adapter. */
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
      expect(await store.list('k')).toEqual([{ key: 'k', sizeBytes: 1, tag: expect.any(String) }]);
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
      expect(await store.list('q/')).toEqual([{ key: 'q/a', sizeBytes: 3, tag: expect.any(String) }]);
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

    const changed = expect.objectContaining({ name: 'ObjectChanged', message: expect.stringContaining('expected') });
    const tagOf = async (key: string) => (await store.list(key))[0]?.tag;
    const text = async (key: string) => new TextDecoder().decode(await store.get(key));

    test('a put gives the tag that a list gives, and another one for other bytes', async () => {
      const first = await store.put('k', bytes('a'));
      expect(await tagOf('k')).toBe(first);
      expect(await store.put('k', bytes('b'))).not.toBe(first);
      expect(await tagOf('k')).not.toBe(first);
    });

    test('puts a new object if none is there, and never over another', async () => {
      const tag = await store.put('d/k', bytes('a'), { tag: undefined });
      expect(await tagOf('d/k')).toBe(tag);
      await expect(store.put('d/k', bytes('b'), { tag: undefined })).rejects.toEqual(changed);
      expect(await text('d/k')).toBe('a');
      await store.remove('d/k');
      await store.put('d/k', bytes('c'), { tag: undefined });
      expect(await text('d/k')).toBe('c');
    });

    test('puts over the object with the tag, and over no other', async () => {
      const first = await store.put('k', bytes('a'));
      const second = await store.put('k', bytes('b'), { tag: first });
      await expect(store.put('k', bytes('c'), { tag: first })).rejects.toEqual(changed);
      expect(await text('k')).toBe('b');
      await store.put('k', bytes('d'), { tag: second });
      await store.remove('k');
      await expect(store.put('k', bytes('e'), { tag: second })).rejects.toEqual(changed);
      await expect(store.put('new', bytes('e'), { tag: second })).rejects.toEqual(changed);
      expect(await keys('')).toEqual([]);
    });

    test('the bytes that are there already count as put, whatever the condition', async () => {
      const tag = await store.put('k', bytes('a'));
      expect(await store.put('k', bytes('a'), { tag: undefined })).toBe(tag);
      expect(await store.put('k', bytes('a'), { tag: 'of something that is gone' })).toBe(tag);
    });

    test.each([undefined, 'a'])('of many that replace the same object (%s) at once, one does', async (before) => {
      for (let round = 0; round < 5; round++) {
        const key = `race/${round}`;
        const tag = before === undefined ? undefined : await store.put(key, bytes(before));
        const racers = Array.from({ length: 8 }, (_, racer) => `by ${racer}`);
        const outcomes = await Promise.allSettled(racers.map((racer) => store.put(key, bytes(racer), { tag })));
        const won = racers.filter((_, index) => outcomes[index]!.status === 'fulfilled');
        expect(won).toEqual([await text(key)]);
      }
    });

    // A store in memory is never a lake, and tests damage landed bytes in it.
    if (name === 'memory') return;
    test('landed bytes are written once; a receipt is replaced', async () => {
      const folder =
        'landing/klines/market=um/symbol=BTCUSDT/interval=1h/source=rest/20240101T000000Z-20240101T010000Z';
      const key = `${folder}/${'a'.repeat(64)}`;
      const tag = await store.put(`${key}.json`, bytes('[1]'));
      expect(await store.put(`${key}.json`, bytes('[1]'))).toBe(tag);
      await expect(store.put(`${key}.json`, bytes('[2]'))).rejects.toEqual(changed);
      expect(await text(`${key}.json`)).toBe('[1]');
      await store.put(`${key}.json`, bytes('[3]'), { tag });
      expect(await text(`${key}.json`)).toBe('[3]');
      for (const name of ['failed.json', `${'a'.repeat(64)}.receipt.json`]) {
        await store.put(`${folder}/${name}`, bytes('1'));
        await store.put(`${folder}/${name}`, bytes('2'));
        expect(await text(`${folder}/${name}`)).toBe('2');
      }
    });
  });
}
