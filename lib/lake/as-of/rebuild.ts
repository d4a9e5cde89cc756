import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { manifestKey, tableKey } from '../keys.ts';
import { refine } from '../refine/refine.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { landingThen } from './landing-then.ts';

export interface RebuildInput {
  readonly series: Series;
  /** The version of each shard up to the last that is wanted, in the order of time; all by one code. */
  readonly versions: readonly VersionRecord[];
  /** The last shard that is wanted. */
  readonly until: Period;
}

/**
 * Makes the shards of a series again from what had landed when their versions were made, by the refine stage itself. Only
 * the code that made them makes the same.
 * @param scratch where the shards go; holds none of the series before
 * @throws CorruptObject where landed bytes are not those of their name, or a record does not say what its version was made from
 */
export async function rebuild(input: RebuildInput, lake: ObjectStore, scratch: ObjectStore): Promise<void> {
  const { series, versions, until } = input;
  const landing = landingThen(series, versions, lake);
  // A shard without a candle has nothing landed to tell it from one that never was.
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
      // Its claim or its manifest: the shard is finished before refine hands back.
      if (key === manifestKey(series, until)) done = true;
      return scratch.put(key, bytes, condition);
    },
    list: (prefix, after) => (isLanded(prefix) ? landing.list(prefix, after) : scratch.list(prefix, after)),
  };
  const { codeHash } = versions.at(-1)!.manifest;
  await refine({ runId: 'rebuild', series }, { store, clock: { nowMs: () => 0 }, codeHash, outOfTime: () => done });
}

/** Stands in the place of a table until the shard is made; without a manifest it counts for nothing but for being there. */
const NOT_MADE_YET = new Uint8Array();

function isLanded(key: string): boolean {
  return key.startsWith('landing/');
}
