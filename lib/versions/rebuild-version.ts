import { VERSIONS_PREFIX, type VersionId } from '../domain/keys.ts';
import { periodRange } from '../domain/period.ts';
import { seriesPath } from '../domain/series.ts';
import type { ObjectStore } from '../ports.ts';
import type { VersionRecord } from '../refine/contract.ts';
import { memoryScratch } from './memory-scratch.ts';
import { rebuild } from './rebuild.ts';
import { listHistories, versionOf } from './shard-history.ts';

/**
 * Makes a version of a shard again from the landed objects that went into it, into those before it, and those that its
 * labels looked at, by what was known of the symbol's life then. Only the code that made it can.
 * @returns a store of what came of it
 */
export async function rebuildVersion(lake: ObjectStore, version: VersionRecord): Promise<ObjectStore> {
  const { series, period, codeHash } = version.manifest;
  const ancestors = await ancestry(lake, version);
  const bytes = new Set(version.lookedAt);
  for (const { manifest } of ancestors) for (const { key } of manifest.inputs) bytes.add(key);
  const receipts = [...bytes].map((key) => key.replace(/\.(zip|json)$/, '.receipt.json'));
  const landed = new Set([...bytes, ...receipts, ...version.facts]);
  const periods = ancestors.map(({ manifest }) => manifest.period);
  const scratch = memoryScratch();
  await rebuild({ series, landed, periods, until: period, codeHash }, lake, scratch);
  return scratch;
}

/** The version, and of each shard before it one that it goes on from: chain by chain to the first. */
async function ancestry(lake: ObjectStore, version: VersionRecord): Promise<VersionRecord[]> {
  const { series, period } = version.manifest;
  const earlier = (await listHistories(lake, `${VERSIONS_PREFIX}${seriesPath(series)}/`))
    .filter((history) => periodRange(history.period).fromMs < periodRange(period).fromMs)
    .sort((a, b) => periodRange(b.period).fromMs - periodRange(a.period).fromMs);
  const found = [version];
  for (const { versions } of earlier) {
    const before = await withChain(lake, versions, found.at(-1)!.manifest.previousChain);
    // A shard that was not there then, having landed later.
    if (before) found.push(before);
  }
  return found;
}

async function withChain(
  lake: ObjectStore,
  versions: readonly VersionId[],
  chain: string,
): Promise<VersionRecord | undefined> {
  for (const id of versions) {
    const version = await versionOf(lake, id);
    if (version.manifest.chain === chain) return version;
  }
  return undefined;
}
