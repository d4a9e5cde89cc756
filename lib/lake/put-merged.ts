import { ObjectChanged } from '../domain/errors.ts';
import type { ObjectStore } from '../ports.ts';

/**
 * Puts an object that adds to the one that is there. If another run puts the same object at the same moment, it is
 * merged with that one too, so nothing that either put is lost. A new object costs one request.
 * @param merge makes the bytes from those that are there, or from nothing
 */
export async function putMerged(
  store: ObjectStore,
  key: string,
  merge: (there: Uint8Array | undefined) => Uint8Array,
): Promise<void> {
  let tag: string | undefined;
  let there: Uint8Array | undefined;
  for (;;) {
    try {
      await store.put(key, merge(there), { tag });
      return;
    } catch (error) {
      if (!(error instanceof ObjectChanged)) throw error;
      // The tag first: bytes that come after it are at least as new, and a put over newer ones fails.
      tag = (await store.list(key)).find((object) => object.key === key)?.tag;
      there = await store.get(key);
    }
  }
}
