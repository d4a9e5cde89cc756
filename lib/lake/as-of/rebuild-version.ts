import { CorruptObject } from '../../domain/errors.ts';
import { type Series, seriesPath } from '../../domain/series.ts';
import type { ObjectStore } from '../../ports.ts';
import { VERSIONS_PREFIX } from '../keys.ts';
import { memoryStore } from '../memory-store.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { findVersion, listHistories } from '../versions/shard-history.ts';
import { rebuild } from './rebuild.ts';

/**
 * Makes a version of a shard again, and those before it that it goes on from, from what they were made from then. Only the
 * code that made it can.
 * @returns a store of what came of it
 * @throws CorruptObject where a record or landed bytes are gone or damaged, and where a record is of before it said what its
 * version was made from
 */
export async function rebuildVersion(lake: ObjectStore, version: VersionRecord): Promise<ObjectStore> {
  const { series, period } = version.manifest;
  const scratch = memoryStore();
  await rebuild({ series, versions: await ancestry(lake, series, version), until: period }, lake, scratch);
  return scratch;
}

/** The versions that one goes on from, the first of the series first, and the version itself. */
async function ancestry(lake: ObjectStore, series: Series, version: VersionRecord): Promise<VersionRecord[]> {
  const histories = await listHistories(lake, `${VERSIONS_PREFIX}${seriesPath(series)}/`);
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
