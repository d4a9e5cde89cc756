import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore } from '../../ports.ts';
import { getOrCompute } from '../get-or-compute.ts';
import { decodeJson, encodeJson } from '../json.ts';
import { compareKeys, parseVersionKey, versionFilesKey, versionKey, versionsPrefix } from '../keys.ts';
import type { ManifestInput } from '../manifest/contract.ts';
import { encodeManifest } from '../manifest/manifest.ts';
import type { LandingTimes, VersionRecord } from './contract.ts';

/** The version of a shard that was published last. */
interface NewestVersion {
  readonly newest: VersionRecord | undefined;
  readonly key: string | undefined;
}

/** A record as it is stored, with the hash of all its other fields. */
interface StoredVersion extends VersionRecord {
  readonly recordSha256?: string;
  /**
   * sha256 of the list of the archive files that it was made from. The list is an object beside the records that many
   * versions share, so that records stay short. Left out if there are no files, and in the first records.
   */
  readonly files?: string;
}

/** An archive file that versions were made from, with its fields in the manifest and in `madeFrom`. */
type ListedFile = ManifestInput & LandingTimes;

/**
 * Reads the version that was published last. Records sort by the instant of publication and are never removed.
 * @param seen key of a record that exists: those before it are not listed
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

/**
 * Reads a version record. Returns undefined if it does not agree with its name, its manifest and its hash.
 * @param lists the lists of files that were read before, by key
 */
export async function readVersion(
  store: ObjectStore,
  key: string,
  lists = new Map<string, Promise<Uint8Array | undefined>>(),
): Promise<VersionRecord | undefined> {
  const id = parseVersionKey(key);
  const bytes = await store.get(key);
  if (!id || !bytes) return undefined;
  try {
    const { recordSha256, ...stored } = decodeJson<StoredVersion>(bytes);
    // The first records had no hash and no evidence.
    const isOld = recordSha256 === undefined && !('madeFrom' in stored);
    if (!isOld && recordSha256 !== sha256(JSON.stringify(stored))) return undefined;
    const { files, ...record } = stored;
    const listKey = files === undefined ? undefined : versionFilesKey(id.series, id.period, files);
    const list = listKey === undefined ? undefined : await getOrCompute(lists, listKey, () => store.get(listKey));
    if (files !== undefined && (!list || sha256(list) !== files)) return undefined;
    const whole = list ? withFiles(record, decodeJson<ListedFile[]>(list)) : record;
    const isItself =
      sha256(encodeManifest(whole.manifest)) === whole.manifestSha256 && whole.manifestSha256.startsWith(id.manifest12);
    return isItself ? whole : undefined;
  } catch {
    return undefined;
  }
}

/** Stores the list of its archive files, if the version before had another list, and then the record. */
export async function putVersion(store: ObjectStore, record: VersionRecord, before?: VersionRecord): Promise<void> {
  const { manifest, manifestSha256, publishedAtMs } = record;
  const { series, period } = manifest;
  const list = encodeFiles(record);
  const files = list && sha256(list);
  const sameList = list && before && encodeFiles(before)?.equals(list);
  if (list && files && !sameList) await store.put(versionFilesKey(series, period, files), list);
  const plain = files === undefined ? record : { ...withoutFiles(record), files };
  const key = versionKey({ series, period, publishedAtMs, manifest12: manifestSha256.slice(0, 12) });
  const stored: StoredVersion = { ...plain, recordSha256: sha256(JSON.stringify(plain)) };
  await store.put(key, encodeJson(stored));
}

function isFile({ key }: ManifestInput): boolean {
  return key.endsWith('.zip');
}

/** Encodes the archive files of a version, one per line; undefined without files or without their times. */
function encodeFiles({ manifest: { inputs }, madeFrom }: VersionRecord): Buffer | undefined {
  if (!madeFrom || !inputs.some(isFile)) return undefined;
  const files = inputs.flatMap((input, index) => (isFile(input) ? [{ ...input, ...madeFrom.inputs[index]! }] : []));
  return Buffer.from(`[\n${files.map((file) => JSON.stringify(file)).join(',\n')}\n]\n`);
}

function withoutFiles({ manifest, madeFrom, ...record }: VersionRecord): VersionRecord {
  const inputs = manifest.inputs.filter((input) => !isFile(input));
  const times = madeFrom!.inputs.filter((_, index) => !isFile(manifest.inputs[index]!));
  return { ...record, manifest: { ...manifest, inputs }, madeFrom: { ...madeFrom!, inputs: times } };
}

/** Puts the archive files back into a record. The inputs of a manifest are in the order of their keys. */
function withFiles({ manifest, madeFrom, ...record }: VersionRecord, files: readonly ListedFile[]): VersionRecord {
  const others = manifest.inputs.map((input, index): ListedFile => ({ ...input, ...madeFrom!.inputs[index]! }));
  const all = [...files, ...others].sort((a, b) => compareKeys(a.key, b.key));
  const inputs = all.map(
    ({ key, sha256, superseded, again }): ManifestInput => ({
      key,
      sha256,
      ...(superseded && { superseded }),
      ...(again && { again }),
    }),
  );
  const times = all.map(({ key: _, sha256: __, superseded: ___, again: ____, ...landed }): LandingTimes => landed);
  return { ...record, manifest: { ...manifest, inputs }, madeFrom: { ...madeFrom!, inputs: times } };
}
