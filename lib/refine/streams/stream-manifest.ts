import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import { streamManifestKey } from '../../domain/stream-keys.ts';
import type { ObjectStore } from '../../ports.ts';
import type { StreamManifest } from '../contract.ts';

/** The manifest of a shard, or undefined where it has none, or one that vouches for nothing. */
export async function readStreamManifest(
  store: ObjectStore,
  stream: Stream,
  period: Period,
): Promise<StreamManifest | undefined> {
  const bytes = await store.get(streamManifestKey(stream, period));
  if (!bytes) return undefined;
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as StreamManifest | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The bytes a manifest is stored as; `null` while the shard's table is being replaced. */
export function encodeStreamManifest(manifest: StreamManifest | undefined): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest ?? null)}\n`);
}

/** Has the next refine make a shard again. Where nothing vouched for it, nothing is put. */
export async function distrustStream(store: ObjectStore, stream: Stream, period: Period): Promise<void> {
  const key = streamManifestKey(stream, period);
  if (await store.get(key)) await store.put(key, encodeStreamManifest(undefined));
}
