import { ObjectChanged } from './domain/errors.ts';
import { sha256 } from './domain/sha256.ts';
import type { PrunableStore } from './ports.ts';

/** An object store in memory, whose objects can be looked at. */
export interface MemoryStore extends PrunableStore {
  /** In the order in which their keys were first put. */
  readonly objects: Map<string, Uint8Array>;
}

/** An object store in memory. As on S3, equal bytes have equal tags. */
export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  const hashes = new WeakMap<Uint8Array, string>();
  const tagOf = (bytes: Uint8Array) => {
    const tag = hashes.get(bytes) ?? sha256(bytes);
    hashes.set(bytes, tag);
    return tag;
  };
  return {
    url: 'memory',
    objects,
    get: async (key) => objects.get(key),
    async put(key, bytes, condition) {
      // A copy, because the caller may use its buffer again.
      const copy = Uint8Array.from(bytes);
      const tag = tagOf(copy);
      const before = objects.get(key);
      const there = before && tagOf(before);
      if (condition && there !== condition.tag && there !== tag) {
        throw new ObjectChanged(`${key} in memory has tag ${there ?? 'none'}, expected ${condition.tag ?? 'none'}`);
      }
      objects.set(key, copy);
      return tag;
    },
    async remove(key) {
      objects.delete(key);
    },
    list: async (prefix, after) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix) && (after === undefined || byBytes(key, after) > 0))
        .map(([key, bytes]) => ({ key, sizeBytes: bytes.length, tag: tagOf(bytes) }))
        .sort((a, b) => byBytes(a.key, b.key)),
  };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
