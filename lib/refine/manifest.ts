import { checkpointPrefix, manifestKey, TABLES, tablePrefix } from '../domain/keys.ts';
import type { Period } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import type { ObjectStore } from '../ports.ts';
import type { Manifest } from './contract.ts';

/** The manifest of a shard, or undefined where it has none, or one that cannot be read and so vouches for nothing. */
export async function readManifest(store: ObjectStore, series: Series, period: Period): Promise<Manifest | undefined> {
  const bytes = await store.get(manifestKey(series, period));
  if (!bytes) return undefined;
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The bytes a manifest is stored as; `null` while the shard's objects are being replaced. */
export function encodeManifest(manifest: Manifest | undefined): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest ?? null)}\n`);
}

/** Sizes of all that is published of a series, by key. */
export async function listStored(store: ObjectStore, series: Series): Promise<ReadonlyMap<string, number>> {
  const prefixes = [...TABLES.map((table) => tablePrefix(table, series)), checkpointPrefix(series)];
  const lists = await Promise.all(prefixes.map((prefix) => store.list(prefix)));
  return new Map(lists.flat().map(({ key, sizeBytes }) => [key, sizeBytes]));
}
