import { ObjectChanged } from '../domain/errors.ts';
import type { PrunableStore } from '../ports.ts';
import { compareKeys } from './keys.ts';

/** An object store in memory, whose objects can be looked at. */
export interface MemoryStore extends PrunableStore {
  /** In the order in which their keys were first put. */
  readonly objects: Map<string, Uint8Array>;
}

/**
 * An object store in memory.
 * @param tagOf makes the tag of bytes that are put; by default another for each put, as in a folder. On S3 it is a
 *   hash.
 */
export function memoryStore(tagOf?: (bytes: Uint8Array) => string): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  const tags = new WeakMap<Uint8Array, string>();
  let puts = 0;
  const tagged = (bytes: Uint8Array) => {
    const tag = tags.get(bytes) ?? (tagOf ? tagOf(bytes) : `put ${++puts}`);
    tags.set(bytes, tag);
    return tag;
  };
  return {
    url: 'memory',
    objects,
    get: async (key) => objects.get(key),
    async put(key, bytes, condition) {
      const there = objects.get(key);
      const tag = there && tagged(there);
      if (condition && condition.tag !== tag) {
        if (there && Buffer.compare(there, bytes) === 0) return tagged(there);
        throw new ObjectChanged(`${key} in memory has tag ${tag ?? 'none'}, expected ${condition.tag ?? 'none'}`);
      }
      // A copy, because the caller may use its buffer again.
      const copy = Uint8Array.from(bytes);
      objects.set(key, copy);
      return tagged(copy);
    },
    async remove(key) {
      objects.delete(key);
    },
    list: async (prefix, after) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
        .map(([key, bytes]) => ({ key, sizeBytes: bytes.length, tag: tagged(bytes) }))
        .sort((a, b) => compareKeys(a.key, b.key)),
  };
}
