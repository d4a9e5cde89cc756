import fc from 'fast-check';
import type { Finding } from '../../lib/lake/audit/contract.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';

/** Damages the objects of a lake so that an audit has something to find. */
export type Damage = (store: MemoryStore) => unknown;

/** Returns a damaged copy of a lake. */
export async function damagedCopy(lake: MemoryStore, damage: Damage = () => {}): Promise<MemoryStore> {
  const copy = memoryStore();
  for (const [key, bytes] of lake.objects) await copy.put(key, bytes);
  await damage(copy);
  return copy;
}

/** Removes an object, which no stage ever does. */
export function remove(store: MemoryStore, key: string): void {
  (store.objects as Map<string, Uint8Array>).delete(key);
}

/** Removes every object with such a key. */
export function removeAll(store: MemoryStore, isGone: (key: string) => boolean): void {
  for (const key of [...store.objects.keys()].filter(isGone)) remove(store, key);
}

/** Changes bytes of an object. */
export async function rewrite(store: ObjectStore, key: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await store.put(key, change(Buffer.from((await store.get(key))!)));
}

/** Flips one bit of one byte. */
export const flip = (at: number) => (bytes: Buffer) => {
  const index = at % bytes.length;
  bytes[index] = bytes[index]! ^ 1;
  return bytes;
};

export type Json = Record<string, unknown>;

/** Edits the JSON of a manifest. */
export const edited = (edit: (manifest: Json) => void) => (bytes: Buffer) => {
  const manifest = JSON.parse(bytes.toString()) as Json;
  edit(manifest);
  return Buffer.from(`${JSON.stringify(manifest)}\n`);
};

/** Replaces the value of one field of a receipt. */
export const withField = (field: string, value: unknown) => (bytes: Buffer) =>
  Buffer.from(JSON.stringify({ ...JSON.parse(bytes.toString()), [field]: value }));

/** Fields that the receipts of series and of streams both have, each with a value that is not true. */
export const FALSE_FIELDS: readonly [field: string, value: unknown][] = [
  ['source', 'rest'],
  ['range', { fromMs: 0, toMs: 1 }],
  ['sha256', 'b'.repeat(64)],
  ['sizeBytes', 5],
  ['fetchedAtMs', 7],
  ['asOfMs', 'soon'],
];

/** Calls `look` with copies of a lake. In each, one bit of the object is flipped, at a random byte. */
export async function flipAnywhere(
  lake: MemoryStore,
  key: string,
  numRuns: number,
  look: (store: MemoryStore, at: number) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.nat(lake.objects.get(key)!.length - 1), async (at) =>
      look(await damagedCopy(lake, (store) => rewrite(store, key, flip(at))), at),
    ),
    { numRuns },
  );
}

/** The findings of the severity `wrong`. */
export const wrong = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === 'wrong');
