import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { parseKeptKey, parseVersionKey, VERSIONS_PREFIX, type VersionId, versionKey } from '../keys.ts';
import type { VersionRecord } from './contract.ts';
import { readVersion } from './version-record.ts';

/** The versions that a shard has had. */
export interface ShardHistory {
  readonly series: Series;
  readonly period: Period;
  /** Oldest first; never none. */
  readonly versions: readonly VersionId[];
  /** Tables kept of them, by key, with their sizes. */
  readonly kept: ReadonlyMap<string, number>;
}

/** A shard as it stood at an instant. */
export interface ShardAsOf {
  readonly history: ShardHistory;
  /** Which of the versions of the history. */
  readonly index: number;
  readonly version: VersionRecord;
}

/** The histories of all shards below a prefix of `versions/`, in key order. */
export async function listHistories(store: ObjectStore, prefix = VERSIONS_PREFIX): Promise<ShardHistory[]> {
  const shards = new Map<string, { readonly versions: VersionId[]; readonly kept: Map<string, number> }>();
  for (const { key, sizeBytes } of await store.list(prefix)) {
    const id = parseVersionKey(key);
    const kept = id ? undefined : parseKeptKey(key);
    const of = id ?? kept;
    if (!of) continue;
    const name = `${seriesName(of.series)}/${of.period}`;
    const shard = shards.get(name) ?? { versions: [] as VersionId[], kept: new Map<string, number>() };
    shards.set(name, shard);
    if (id) shard.versions.push(id);
    else shard.kept.set(key, sizeBytes);
  }
  return [...shards.values()].flatMap(({ versions, kept }) => {
    const [first] = versions;
    return first ? [{ series: first.series, period: first.period, versions, kept }] : [];
  });
}

/** The record of the version of a shard that has this manifest; undefined where none is kept, or not whole. */
export async function findVersion(
  store: ObjectStore,
  histories: readonly ShardHistory[],
  series: Series,
  { period, manifestSha256 }: { readonly period: Period; readonly manifestSha256: string },
): Promise<VersionRecord | undefined> {
  const name = seriesName(series);
  const own = histories.find((history) => history.period === period && seriesName(history.series) === name);
  for (const id of own?.versions ?? []) {
    if (!manifestSha256.startsWith(id.manifest12)) continue;
    const record = await readVersion(store, versionKey(id));
    if (record?.manifestSha256 === manifestSha256) return record;
  }
  return undefined;
}

/** The record of a version. @throws CorruptObject where it is not what its name says. */
export async function versionOf(store: ObjectStore, id: VersionId): Promise<VersionRecord> {
  const key = versionKey(id);
  const record = await readVersion(store, key);
  if (!record) throw new CorruptObject(`${key} is not the record of a version that its name promises`);
  return record;
}
