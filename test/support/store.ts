import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore, PrunableStore } from '../../lib/ports.ts';
import { sha256Of } from './bytes.ts';
import { temporaryFolder } from './folder.ts';

export interface TemporaryLake {
  readonly store: ObjectStore;
  putJson(key: string, value: unknown): Promise<unknown>;
  getJson<T>(key: string): Promise<T>;
}

/** Returns an empty lake in a temporary folder. Its objects are read and written as JSON. */
export function temporaryLake(): TemporaryLake {
  const store = folderObjectStore(temporaryFolder());
  return {
    store,
    putJson: (key, value) => store.put(key, new TextEncoder().encode(JSON.stringify(value))),
    getJson: async <T>(key: string) => JSON.parse(new TextDecoder().decode((await store.get(key))!)) as T,
  };
}

/** A store that notes what is put in it, and can be told to fail. */
export interface WatchedStore extends PrunableStore {
  /** Keys put since the last `forget`. */
  readonly puts: readonly string[];
  forget(): void;
  /** The put of this number from now (1 the next) throws, and so do all after it, until `failAtPut(undefined)`. */
  failAtPut(count: number | undefined): void;
}

/** Returns a watched folder, for tests that give the lake to commands or look at its files. */
export const watchedFolder = (): WatchedStore => watchedStore(folderObjectStore(temporaryFolder()));

/** @param store in memory if absent: a put into a folder waits for the disk, which few tests are about */
export function watchedStore(store: PrunableStore = memoryStore()): WatchedStore {
  const puts: string[] = [];
  let left: number | undefined;
  return {
    ...store,
    puts,
    forget() {
      puts.length = 0;
    },
    failAtPut(count) {
      left = count;
    },
    async put(key, bytes, condition) {
      if (left !== undefined && --left <= 0) throw new Error('no space left on device');
      puts.push(key);
      return store.put(key, bytes, condition);
    },
  };
}

/**
 * sha256 of everything that `refine` made of a lake, by key; not what it says of single runs and of earlier versions,
 * and not what it remembers of landed objects, which depends on when it looked.
 */
export async function madeIn(store: ObjectStore): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { key } of await store.list('')) {
    if (['landing/', 'checks/', 'runs/', 'versions/', 'audits/', 'datasets/'].some((prefix) => key.startsWith(prefix)))
      continue;
    const bytes = (await store.get(key))!;
    hashes[key] = sha256Of(bytes);
  }
  return hashes;
}

/** Puts an object over the one that is there, also over landed bytes, which a store replaces only if told which. */
export async function putOver(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  const [there] = await store.list(key);
  await store.put(key, bytes, { tag: there?.tag });
}

/** Everything in the lake but what audits and runs say of themselves: key and bytes. */
export function contentsOf(store: MemoryStore): Record<string, string> {
  // What refine remembers of landed objects depends on how often it looked.
  const entries = [...store.objects].filter(([key]) => !/^((audits|runs)\/|checks\/.*\/landing\.json$)/.test(key));
  return Object.fromEntries(
    entries.map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')] as const).sort(),
  );
}

/** The one key that contains all the texts. */
export function keyWith(store: Pick<MemoryStore, 'objects'>, ...texts: readonly string[]): string {
  const keys = [...store.objects.keys()].filter((key) => texts.every((text) => key.includes(text)));
  expect(keys).toHaveLength(1);
  return keys[0]!;
}
