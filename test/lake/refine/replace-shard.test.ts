import { setImmediate as turn } from 'node:timers/promises';
import { sha256 } from '../../../lib/domain/sha256.ts';
import { CLAIM_LIVES_MS } from '../../../lib/lake/manifest/claim.ts';
import {
  listPublished,
  type NewShard,
  replaceShard,
  untilUndisturbed,
} from '../../../lib/lake/manifest/replace-shard.ts';
import { type MemoryStore, memoryStore } from '../../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../../lib/ports.ts';
import { seededRandom } from '../../support/random.ts';
import { type Order, runTogether } from '../../support/two-writers.ts';

const MANIFEST = 'manifests/manifest.json';
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const read = (store: MemoryStore, key: string): unknown => {
  const there = store.objects.get(key);
  return there && JSON.parse(Buffer.from(there).toString());
};

/**
 * The shard of what has landed. The last table is what it was at first once everything has landed, and another in
 * between: its tag on S3 is then the first one again.
 */
function shardOf(landed: readonly string[]): NewShard {
  const tables: readonly [string, unknown][] = [
    ['tables/candles', landed],
    ['tables/features', landed],
    ['tables/gaps', landed.length % 2 === 1 ? [] : landed],
  ];
  return {
    manifestKey: MANIFEST,
    manifest: bytes({ landed, outputs: tables }),
    objects: tables.map(([key, value]) => [key, bytes(value)]),
  };
}

type Publish = (store: ObjectStore, runId: string, nowMs: number) => Promise<void>;

const landedIn = async (store: ObjectStore) => (await store.list('landing/')).map(({ key }) => key);

/** Publishes what has landed, as refine does. */
const publish: Publish = (store, runId, nowMs) =>
  untilUndisturbed(async (finished) => {
    const seen = await listPublished(store, ['manifests/', 'tables/']);
    const shard = shardOf(await landedIn(store));
    const there = await store.get(MANIFEST);
    if (there && Buffer.compare(there, shard.manifest) === 0) return;
    const isWhole = there !== undefined && 'outputs' in JSON.parse(Buffer.from(there).toString());
    await replaceShard(store, shard, { seen, isWhole, runId, nowMs, finished });
  });

/** The way before conditional puts: the manifest is voided, the tables are put, then the manifest. */
const publishBlindly: Publish = async (store) => {
  const { manifest, objects } = shardOf(await landedIn(store));
  await store.put(MANIFEST, bytes(null));
  await Promise.all(objects.map(([key, value]) => store.put(key, value)));
  await store.put(MANIFEST, manifest);
};

/** A run that lands something and publishes. */
const run =
  (name: string, nowMs: number, how: Publish = publish) =>
  async (store: ObjectStore): Promise<void> => {
    await store.put(`landing/${name}`, bytes(name));
    await how(store, name, nowMs);
  };

/** The fault of the lake: a manifest that names other tables than are there. */
function faultOf(store: MemoryStore): string | undefined {
  const manifest = read(store, MANIFEST) as { outputs?: readonly [string, unknown][] } | null | undefined;
  const other = manifest?.outputs?.find(([key, value]) => JSON.stringify(read(store, key)) !== JSON.stringify(value));
  return other && `${other[0]} is not that of the manifest`;
}

/** Whether the manifest is that of all that has landed, and the tables are those of the manifest. */
function isWhole(store: MemoryStore): boolean {
  const landed = [...store.objects.keys()].filter((key) => key.startsWith('landing/')).sort();
  return Buffer.compare(store.objects.get(MANIFEST)!, shardOf(landed).manifest) === 0 && faultOf(store) === undefined;
}

/** As on S3: equal bytes have equal tags. */
const contentTagged = () => memoryStore(sha256);
const STORES = { 'tags of the content (S3)': contentTagged, 'a tag for each put (folder)': () => memoryStore() };
const STARTS = { 'a shard that is there': true, 'a new shard': false };

async function start(newStore: () => MemoryStore, isThere: boolean): Promise<MemoryStore> {
  const store = newStore();
  await store.put('landing/first', bytes('first'));
  if (isThere) await publish(store, 'first', 0);
  return store;
}

/**
 * The first `stops` operations are those of one writer, then of the other, and so on; the last writer goes on to its
 * end.
 */
function preempted(stops: readonly number[], first: number): Order {
  return (pending, step) => {
    const ends = stops.map((_, index) => stops.slice(0, index + 1).reduce((sum, stop) => sum + stop, 0));
    const writer = (ends.filter((end) => end <= step).length + first) % 2;
    return Math.max(
      0,
      pending.findIndex((one) => one.writer === writer),
    );
  };
}

const randomly = (seed: number): Order => {
  const random = seededRandom(seed);
  return (pending) => random.whole(0, pending.length - 1);
};

interface Tried {
  readonly fault: string | undefined;
  readonly whole: boolean;
  readonly steps: number;
}

async function attempt(
  from: readonly [newStore: () => MemoryStore, isThere: boolean],
  order: Order,
  { how = publish, killed }: { readonly how?: Publish; readonly killed?: { writer: number; atStep: number } } = {},
): Promise<Tried> {
  const store = await start(...from);
  let fault: string | undefined;
  const steps = await runTogether({
    store,
    writers: [run('a', 1000, how), run('b', 1000, how)],
    order,
    ...(killed && { killed }),
    look: (lake) => {
      fault ??= faultOf(lake);
    },
  });
  // Whatever was left, a run after the longest life of a claim makes the shard.
  if (killed) await publish(store, 'after', 1000 + CLAIM_LIVES_MS + 1000);
  return { fault, whole: isWhole(store), steps };
}

const RANDOM_ORDERS = 1_250;

describe.each(Object.entries(STORES))('two runs over one shard, %s', (_, newStore) => {
  describe.each(Object.entries(STARTS))('%s', (__, isThere) => {
    test('each stopped once by the other, at every pair of operations: no manifest names foreign tables', async () => {
      for (const first of [0, 1]) {
        let tried = 0;
        for (let one = 0; one <= 16; one++) {
          for (let other = 0; other <= 24; other++) {
            const { fault, whole } = await attempt([newStore, isThere], preempted([one, other, 40], first));
            expect({ first, one, other, fault, whole }).toEqual({ first, one, other, fault: undefined, whole: true });
            tried++;
          }
        }
        expect(tried).toBe(17 * 25);
      }
    });

    test(`in ${RANDOM_ORDERS} random orders: no manifest names foreign tables; both end with all`, async () => {
      for (let seed = 0; seed < RANDOM_ORDERS; seed++) {
        const { fault, whole } = await attempt([newStore, isThere], randomly(seed));
        expect({ seed, fault, whole }).toEqual({ seed, fault: undefined, whole: true });
      }
    });

    test('one killed at any moment, its last puts late: no manifest names its tables; the next run does', async () => {
      for (let seed = 0; seed < RANDOM_ORDERS; seed++) {
        const killed = { writer: seed % 2, atStep: Math.floor(seed / 2) % 20 };
        const { fault, whole } = await attempt([newStore, isThere], randomly(seed), { killed });
        expect({ seed, fault, whole }).toEqual({ seed, fault: undefined, whole: true });
      }
    });

    test('the search finds what two runs without conditions do to each other', async () => {
      let faults = 0;
      for (let seed = 0; seed < 200; seed++) {
        const { fault } = await attempt([newStore, isThere], randomly(seed), { how: publishBlindly });
        if (fault) faults++;
      }
      expect(faults).toBeGreaterThan(10);
    });
  });
});

test('an object that a run may still put is left to it: other runs give up until the claim is too old', async () => {
  const store = await start(contentTagged, true);
  let arrive: () => Promise<unknown> = async () => {};
  const slow: ObjectStore = {
    ...store,
    put: (key, value, condition) => {
      if (key !== 'tables/gaps') return store.put(key, value, condition);
      return new Promise(() => {
        arrive = () => store.put(key, value, condition);
      });
    },
  };
  await store.put('landing/a', bytes('a'));
  void publish(slow, 'slow', 1000);
  while (!read(store, MANIFEST) || faultOf(store) || 'outputs' in (read(store, MANIFEST) as object)) await turn();
  // The gaps of three are those that are there, under the tag that the slow run puts its own over.
  await store.put('landing/b', bytes('b'));
  for (const run of ['second', 'third']) {
    await expect(publish(store, run, 2000)).rejects.toThrow(
      'tables/gaps may still be written by run slow, which has not finished: run again after 1970-01-01T00:30:01.000Z',
    );
  }
  await arrive();
  expect(read(store, 'tables/gaps')).toEqual(['landing/a', 'landing/first']);
  expect(faultOf(store)).toBeUndefined();
  await publish(store, 'late', 1000 + CLAIM_LIVES_MS + 3000);
  expect(isWhole(store)).toBe(true);
});
