import { ObjectChanged } from '../../domain/errors.ts';
import { memoryStore } from '../../lake/memory-store.ts';
import type { ObjectStore } from '../../ports.ts';

/** A lake that may be read-only. */
interface StoreOrKeep {
  readonly store: ObjectStore;
  /** Returns the error of the first object that could not be stored, or undefined if all were stored. */
  failure(): Error | undefined;
}

/** Returns a store that keeps objects in memory if the lake cannot store them. This process can read them. */
export function storeOrKeep(lake: ObjectStore): StoreOrKeep {
  const kept = memoryStore();
  let failure: Error | undefined;
  const store: ObjectStore = {
    url: lake.url,
    get: async (key) => (await kept.get(key)) ?? lake.get(key),
    async put(key, bytes, condition) {
      // After one failure no other put is tried, so that no part of a report is stored alone.
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
