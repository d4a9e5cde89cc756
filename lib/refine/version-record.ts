import { keptKey, parseVersionKey, type Table, versionKey, versionsPrefix } from '../domain/keys.ts';
import type { Period } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import { sha256 } from '../domain/sha256.ts';
import type { ObjectStore } from '../ports.ts';
import type { VersionRecord } from './contract.ts';
import { encodeManifest } from './manifest.ts';

/** The version of a shard that was published last. */
export interface NewestVersion {
  readonly newest: VersionRecord | undefined;
  readonly key: string | undefined;
}

/** A record as it is stored, with the hash of all the rest of it. */
type StoredVersion = VersionRecord & { readonly recordSha256?: string };

/**
 * Reads the version that was published last. Records sort by the instant of publication and are never removed.
 * @param seen key of a record that is known to be there: those before it are not listed
 */
export async function readShardVersions(
  store: ObjectStore,
  series: Series,
  period: Period,
  seen?: string,
): Promise<NewestVersion> {
  const listed = (await store.list(versionsPrefix(series, period), seen)).map(({ key }) => key);
  const keys = [...(seen === undefined ? [] : [seen]), ...listed];
  for (const key of keys.filter((key) => parseVersionKey(key)).reverse()) {
    const newest = await readVersion(store, key);
    if (newest) return { newest, key };
  }
  return seen === undefined ? { newest: undefined, key: undefined } : readShardVersions(store, series, period);
}

/** A version record, or undefined where its bytes are not what its name, its own manifest and its hash say. */
export async function readVersion(store: ObjectStore, key: string): Promise<VersionRecord | undefined> {
  const id = parseVersionKey(key);
  const bytes = await store.get(key);
  if (!id || !bytes) return undefined;
  try {
    const { recordSha256, ...record } = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredVersion;
    // The first records had neither a hash nor what they were made from.
    const isOld = recordSha256 === undefined && !('madeFrom' in record);
    const whole =
      (isOld || recordSha256 === sha256(JSON.stringify(record))) &&
      sha256(encodeManifest(record.manifest)) === record.manifestSha256 &&
      record.manifestSha256.startsWith(id.manifest12);
    return whole ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function putVersion(store: ObjectStore, record: VersionRecord): Promise<void> {
  const { manifest, manifestSha256, publishedAtMs } = record;
  const { series, period } = manifest;
  const key = versionKey({ series, period, publishedAtMs, manifest12: manifestSha256.slice(0, 12) });
  const stored: StoredVersion = { ...record, recordSha256: sha256(JSON.stringify(record)) };
  await store.put(key, Buffer.from(`${JSON.stringify(stored)}\n`));
}

/** Key of a table of a version, once the version is not the current one any more. */
export function keptKeyOf({ manifest, manifestSha256 }: VersionRecord, table: Table): string {
  return keptKey(manifest.series, manifest.period, manifestSha256, table);
}
