import type { ObjectStore } from '../ports.ts';

/** Takes what is fetched before it is known whether it is to land. */
export interface Staging extends ObjectStore {
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

export function createStaging(): Staging {
  const objects = new Map<string, Uint8Array>();
  return {
    url: 'memory',
    objects,
    get: async (key) => objects.get(key),
    put: async (key, bytes) => {
      objects.set(key, bytes);
    },
    list: async (prefix) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, bytes]) => ({ key, sizeBytes: bytes.length }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** Lands all that was staged, in the order in which it came: bytes before their receipt. */
export async function landStaged(staging: Staging, store: ObjectStore): Promise<void> {
  for (const [key, bytes] of staging.objects) await store.put(key, bytes);
}
