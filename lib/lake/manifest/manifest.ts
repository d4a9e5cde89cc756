import type { z } from 'zod';
import { ObjectChanged } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import { TABLES } from '../../domain/tables.ts';
import type { ObjectStore } from '../../ports.ts';
import { encodeJson, parseJson } from '../json.ts';
import { checkpointPrefix, manifestKey, manifestPrefix, tablePrefix } from '../keys.ts';
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

/** The manifest of a series' shard or of a stream's shard. */
type ManifestOf<S extends Subject> = S extends Stream ? StreamManifest : Manifest;

/** Reads the bytes in the place of a subject's manifest. */
export function parseManifest<S extends Subject>(subject: S, bytes: Uint8Array): ManifestRead<ManifestOf<S>> {
  const read = parseJson(bytes, schemaOf(subject).nullable());
  if (read === null) return { state: 'empty' };
  if (typeof read !== 'string') return { state: 'whole', manifest: read };
  return typeof parseJson(bytes, CLAIMS) === 'string' ? { state: 'unreadable', why: read } : { state: 'empty' };
}

function schemaOf<S extends Subject>(subject: S): z.ZodType<ManifestOf<S>>;
function schemaOf(subject: Subject): z.ZodType<Manifest | StreamManifest> {
  return isStream(subject) ? STREAM_MANIFEST : MANIFEST;
}

/** Reads the manifest of a shard. Returns undefined if the shard has no whole manifest, so that it is rebuilt. */
export async function readManifest<S extends Subject>(
  store: ObjectStore,
  subject: S,
  period: Period,
): Promise<ManifestOf<S> | undefined> {
  const bytes = await store.get(manifestKey(subject, period));
  const read = bytes && parseManifest(subject, bytes);
  return read?.state === 'whole' ? read.manifest : undefined;
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
