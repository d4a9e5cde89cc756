import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import { manifestKey } from '../keys.ts';
import type { StreamManifest } from './contract.ts';
import { voidManifest } from './distrust.ts';

/** The manifest of a shard, or undefined where it has none, or one that vouches for nothing. */
export async function readStreamManifest(
  store: ObjectStore,
  stream: Stream,
  period: Period,
): Promise<StreamManifest | undefined> {
  const bytes = await store.get(manifestKey(stream, period));
  if (!bytes) return undefined;
  try {
    const manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as StreamManifest | null;
    // In its place there is null or a claim while the shard is to be made again.
    return manifest && 'codeHash' in manifest ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes that a manifest is stored as. */
export function encodeStreamManifest(manifest: StreamManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest)}\n`);
}

/** Has the next refine make a shard again. */
export function distrustStream(store: ObjectStore, stream: Stream, period: Period): Promise<void> {
  return voidManifest(store, manifestKey(stream, period));
}
