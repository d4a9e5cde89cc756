import { CorruptObject } from '../domain/errors.ts';
import { keptKey, parseKeptKey, type Table, tableKey } from '../domain/keys.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { VersionRecord } from '../refine/contract.ts';
import { restoreTable } from '../refine/restore-table.ts';
import { type ShardHistory, versionOf } from './shard-history.ts';

/** Where a table of a version is to be had. */
export interface TablePlace {
  readonly key: string;
  /** True where the object there is the table itself, false where the table has to be cut out of it. */
  readonly whole: boolean;
}

/**
 * Where a table of a version of a shard is: kept; or, because nothing was kept when the shard only grew, in what was kept of
 * the first version after it that was restated; or in the object in place.
 * @param index which of the versions of the history
 */
export async function placeOf(
  store: ObjectStore,
  history: ShardHistory,
  index: number,
  version: VersionRecord,
  table: Table,
): Promise<TablePlace> {
  const { series, period, versions, kept } = history;
  const own = keptKey(series, period, version.manifestSha256, table);
  if (kept.has(own)) return { key: own, whole: true };
  const wanted = version.manifest.outputs[table].sha256;
  const keptOf = new Map<string, string>();
  for (const key of kept.keys()) {
    const id = parseKeptKey(key)!;
    if (id.table === table) keptOf.set(id.manifestSha256.slice(0, 12), key);
  }
  const next = versions.findIndex((id, at) => at > index && keptOf.has(id.manifest12));
  const holder = next >= 0 ? next : versions.length - 1;
  const holding = holder === index ? version : await versionOf(store, versions[holder]!);
  const whole = holding.manifest.outputs[table].sha256 === wanted;
  return { key: next >= 0 ? keptOf.get(versions[next]!.manifest12)! : tableKey(table, series, period), whole };
}

/** The bytes of a table of a version, its very own. @throws CorruptObject where they are nowhere to be had. */
export async function readVersionTable(
  store: ObjectStore,
  place: TablePlace,
  version: VersionRecord,
  table: Table,
): Promise<Uint8Array> {
  const there = await store.get(place.key);
  const bytes = there && (await restoreTable(table, there, version));
  if (bytes) return bytes;
  const { publishedAtMs, manifest } = version;
  throw new CorruptObject(
    `${manifest.outputs[table].key} as of ${isoTime(publishedAtMs)} is not to be had from ${place.key}, expected sha256 ` +
      manifest.outputs[table].sha256,
  );
}
