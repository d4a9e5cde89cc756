import { CorruptObject } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import type { ManifestOutput } from './contract.ts';

/** Reads an object that a manifest lists. @throws CorruptObject if it is missing or has another hash */
export async function readOutput(store: ObjectStore, output: ManifestOutput): Promise<Uint8Array> {
  const { key, sha256: expected } = output;
  const bytes = await store.get(key);
  if (!bytes) throw new CorruptObject(`${key} is gone from ${store.url}`);
  const found = sha256(bytes);
  if (found !== expected) throw new CorruptObject(`${key} has sha256 ${found}, expected ${expected} by its manifest`);
  return bytes;
}
