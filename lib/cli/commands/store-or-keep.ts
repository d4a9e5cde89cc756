import { ObjectChanged } from '../../domain/errors.ts';
import { memoryStore } from '../../lake/memory-store.ts';
import type { ObjectStore } from '../../ports.ts';

/** A lake that may be read-only. */
export interface StoreOrKeep {
  readonly store: ObjectStore;
  /** Why the first object that could not be stored was not; undefined if all were. */
  failure(): Error | undefined;
}

/** A store that keeps in memory what the lake does not take, for the rest of this process to read. */
export function storeOrKeep(lake: ObjectStore): StoreOrKeep {
  const kept = memoryStore();
  let failure: Error | undefined;
  const store: ObjectStore = {
    url: lake.url,
    get: async (key) => (await kept.get(key)) ?? lake.get(key),
    async put(key, bytes, condition) {
      // Once one failed no other is tried, so that no part of what belongs together is stored.
      if (!failure) {
        try {
          return await lake.put(key, bytes, condition);
        } catch (error) {
          if (error instanceof ObjectChanged) throw error;
          failure = error as Error;
        }
      }
      return kept.put(key, bytes);
    },
    async list(prefix) {
      const [own, there] = await Promise.all([kept.list(prefix), lake.list(prefix)]);
      const keys = new Set(own.map(({ key }) => key));
      return [...own, ...there.filter(({ key }) => !keys.has(key))].sort((a, b) =>
        Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
      );
    },
  };
  return { store, failure: () => failure };
}
