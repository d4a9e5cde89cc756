import { CorruptObject } from '../../domain/errors.ts';
import type { Period } from '../../domain/period.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { Table } from '../../domain/tables.ts';
import type { ObjectStore } from '../../ports.ts';
import { manifestKey, tableKey, versionsPrefix } from '../keys.ts';
import { memoryStore } from '../memory-store.ts';
import { refine } from '../refine/refine.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { findVersion, listHistories } from '../versions/shard-history.ts';
import { landingThen } from './landing-then.ts';

interface RebuildInput {
  readonly series: Series;
  /** The version of each shard up to the last that is wanted, in the order of time. One code made them all. */
  readonly versions: readonly VersionRecord[];
  /** The last shard that is wanted. */
  readonly until: Period;
}

/**
 * Rebuilds the shards of a series from what had landed when their versions were made. The refine stage itself does it,
 * so only the code that made the versions makes the same bytes.
 * @param scratch receives the shards; it must not contain any of the series
 * @throws CorruptObject if landed bytes have another hash, or a record does not list what its version was made from
 */
export async function rebuild(input: RebuildInput, lake: ObjectStore, scratch: ObjectStore): Promise<void> {
  const { series, versions, until } = input;
  const landing = landingThen(series, versions, lake);
  // An empty shard leaves no landed bytes, so a marker says that it existed.
  for (const { manifest, followedBy } of versions) {
    for (const period of [manifest.period, ...(followedBy === undefined ? [] : [followedBy])]) {
      await scratch.put(tableKey('candles', series, period), NOT_MADE_YET);
    }
  }
  let done = false;
  const store: ObjectStore = {
    url: lake.url,
    get: (key) => (isLanded(key) ? landing.get(key) : scratch.get(key)),
    async put(key, bytes, condition) {
      // This is its claim or its manifest. Refine finishes the shard before it returns.
      if (key === manifestKey(series, until)) done = true;
      return scratch.put(key, bytes, condition);
    },
    list: (prefix, after) => (isLanded(prefix) ? landing.list(prefix, after) : scratch.list(prefix, after)),
  };
  const { codeHash } = versions.at(-1)!.manifest;
  await refine({ runId: 'rebuild', series }, { store, clock: { nowMs: () => 0 }, codeHash, outOfTime: () => done });
}

/** Marks that a shard existed, until its table replaces the marker. Without a manifest it has no other effect. */
const NOT_MADE_YET = new Uint8Array();

function isLanded(key: string): boolean {
  return key.startsWith('landing/');
}

/**
 * Rebuilds a version of a shard, and the versions that it continues from, from what they were made from then.
 * @returns a store in memory that contains the shards
 * @throws CorruptObject if a record or landed bytes are missing or damaged
 */
export async function rebuildVersion(lake: ObjectStore, version: VersionRecord): Promise<ObjectStore> {
  const { series, period } = version.manifest;
  const scratch = memoryStore();
  await rebuild({ series, versions: await ancestry(lake, series, version), until: period }, lake, scratch);
  return scratch;
}

/** Returns the versions that one continues from, the first of the series first, and the version itself. */
async function ancestry(lake: ObjectStore, series: Series, version: VersionRecord): Promise<VersionRecord[]> {
  const histories = await listHistories(lake, versionsPrefix(series));
  const found = [version];
  for (let follows = version.follows; follows; follows = found[0]!.follows) {
    const before = await findVersion(lake, histories, series, follows);
    if (!before) {
      throw new CorruptObject(
        `version ${follows.manifestSha256} of ${seriesPath(series)} ${follows.period} is not recorded in ${lake.url}`,
      );
    }
    found.unshift(before);
  }
  return found;
}

/**
 * Rebuilds a table of a version. Any code may do it if the bytes are the same.
 * @returns undefined if the bytes differ
 * @throws CorruptObject, UnexpectedFormat if an input is missing, damaged or no longer readable
 */
export async function remakeTable(
  lake: ObjectStore,
  version: VersionRecord,
  table: Table,
): Promise<Uint8Array | undefined> {
  const { key, sha256: expected } = version.manifest.outputs[table];
  const made = await (await rebuildVersion(lake, version)).get(key);
  return made && sha256(made) === expected ? made : undefined;
}
