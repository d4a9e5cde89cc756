import type { z } from 'zod';
import { ObjectChanged } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { ObjectStore } from '../../ports.ts';
import { encodeJson, parseJson } from '../json.ts';
import { checkpointPrefix, manifestKey, manifestPrefix, TABLES, tablePrefix } from '../keys.ts';
import { streamManifestKey } from '../stream-keys.ts';
import { CLAIMS } from './claim.ts';
import { MANIFEST, type Manifest, STREAM_MANIFEST, type StreamManifest } from './contract.ts';
import { listPublished, type Published } from './replace-shard.ts';

/**
 * The object in the place of a manifest. `whole`: a manifest. `empty`: `null` or a claim, because the shard is being
 * rebuilt. `unreadable`: neither, and why.
 */
export type ManifestRead<M> =
  | { readonly state: 'whole'; readonly manifest: M }
  | { readonly state: 'empty' }
  | { readonly state: 'unreadable'; readonly why: string };

/** Reads the bytes in the place of a manifest of candles. */
export function parseManifest(bytes: Uint8Array): ManifestRead<Manifest> {
  return parse(bytes, MANIFEST);
}

/** Reads the bytes in the place of a manifest of a stream. */
export function parseStreamManifest(bytes: Uint8Array): ManifestRead<StreamManifest> {
  return parse(bytes, STREAM_MANIFEST);
}

function parse<M extends object>(bytes: Uint8Array, schema: z.ZodType<M>): ManifestRead<M> {
  const read = parseJson(bytes, schema.nullable());
  if (read === null) return { state: 'empty' };
  if (typeof read !== 'string') return { state: 'whole', manifest: read };
  return typeof parseJson(bytes, CLAIMS) === 'string' ? { state: 'unreadable', why: read } : { state: 'empty' };
}

/** Reads the manifest of a shard. Returns undefined if the shard has no whole manifest, so that it is rebuilt. */
export async function readManifest(store: ObjectStore, series: Series, period: Period): Promise<Manifest | undefined> {
  return wholeOf(await store.get(manifestKey(series, period)), MANIFEST);
}

/** Reads the manifest of a stream's shard. Returns undefined if the shard has no whole manifest. */
export async function readStreamManifest(
  store: ObjectStore,
  stream: Stream,
  period: Period,
): Promise<StreamManifest | undefined> {
  return wholeOf(await store.get(streamManifestKey(stream, period)), STREAM_MANIFEST);
}

function wholeOf<M extends object>(bytes: Uint8Array | undefined, schema: z.ZodType<M>): M | undefined {
  const read = bytes && parseJson(bytes, schema);
  return typeof read === 'string' ? undefined : read;
}

/** Encodes a manifest as it is stored. */
export function encodeManifest(manifest: Manifest | StreamManifest): Uint8Array {
  return encodeJson(manifest);
}

/**
 * Puts `null` in the place of a manifest, so that the next refine rebuilds the shard. Does nothing if there is no
 * manifest, or if a run replaces it at the same moment: that run rebuilds the shard.
 */
export async function voidManifest(store: ObjectStore, key: string): Promise<void> {
  const [there] = await store.list(key);
  if (!there) return;
  await store.put(key, encodeJson(null), { tag: there.tag }).catch((error: unknown) => {
    if (!(error instanceof ObjectChanged)) throw error;
  });
}

/** Lists everything that is published of a series, by key. */
export function listStored(store: ObjectStore, series: Series): Promise<Published> {
  const tables = TABLES.map((table) => tablePrefix(table, series));
  return listPublished(store, [manifestPrefix(series), ...tables, checkpointPrefix(series)]);
}
