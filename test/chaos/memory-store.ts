import type { ObjectStore } from '../../lib/ports.ts';

/** A lake in memory, with what a bucket promises: whole objects, replaced in one step, listed in key order. */
export interface MemoryStore extends ObjectStore {
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  return {
    url: 'memory',
    objects,
    get: async (key) => objects.get(key),
    async put(key, bytes) {
      // A copy: who wrote it may go on using its buffer.
      objects.set(key, Uint8Array.from(bytes));
    },
    async list(prefix, after) {
      return [...objects.keys()]
        .filter((key) => key.startsWith(prefix))
        .filter((key) => after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map((key) => ({ key, sizeBytes: objects.get(key)!.length }));
    },
  };
}
