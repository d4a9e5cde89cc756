import type { ObjectStore } from '../ports.ts';

/** A place for the few shards that one version is made again from. */
export function memoryScratch(): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  return {
    url: 'memory',
    get: async (key) => objects.get(key),
    async put(key, bytes) {
      objects.set(key, Uint8Array.from(bytes));
    },
    list: async (prefix, after) =>
      [...objects]
        .flatMap(([key, { length }]) => (key.startsWith(prefix) ? [{ key, sizeBytes: length }] : []))
        .filter((object) => after === undefined || byKey(object, { key: after }) > 0)
        .sort(byKey),
  };
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}
