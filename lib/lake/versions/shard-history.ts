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
  /** Oldest first; at least one. */
  readonly versions: readonly VersionId[];
  /** The tables kept of them: size by key. */
  readonly kept: ReadonlyMap<string, number>;
}

/** The version of a shard that was current at an instant. */
export interface ShardAsOf {
  readonly history: ShardHistory;
  /** Index of the version in the history. */
  readonly index: number;
  readonly version: VersionRecord;
}

/** A kept table, and the index of its version in the history. */
interface Holder {
  readonly key: string;
  readonly index: number;
}

/**
 * Returns the kept table that a table of a version is restored from. It is the version's own, or that of the next
 * restated version, because nothing is kept of a shard that only grew. Returns undefined if it is the current object.
 */
export function holderOf({ versions, kept }: ShardHistory, index: number, table: string): Holder | undefined {
  const keptOf = new Map<string, string>();
  for (const key of kept.keys()) {
    const id = parseKeptKey(key)!;
    if (id.table === table) keptOf.set(id.manifestSha256.slice(0, 12), key);
  }
  const holder = versions.findIndex((id, at) => at >= index && keptOf.has(id.manifest12));
  return holder < 0 ? undefined : { key: keptOf.get(versions[holder]!.manifest12)!, index: holder };
}

/** Lists the histories of all shards below a prefix of `versions/`, in key order. */
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

/** Finds the version of a shard that has this manifest. Returns undefined if it has no sound record. */
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

/** Reads the record of a version. @throws CorruptObject if it does not agree with its name */
export async function versionOf(store: ObjectStore, id: VersionId): Promise<VersionRecord> {
  const key = versionKey(id);
  const record = await readVersion(store, key);
  if (!record) throw new CorruptObject(`${key} is not the record of a version that its name promises`);
  return record;
}
