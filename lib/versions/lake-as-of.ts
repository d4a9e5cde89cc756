import { BadInput } from '../domain/errors.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import { listHistories, type ShardAsOf, versionOf } from './shard-history.ts';

/**
 * The lake as it stood at an instant: of each shard the newest version published at or before it.
 * @throws BadInput where nothing had been published by then
 */
export async function lakeAsOf(store: ObjectStore, asOfMs: number): Promise<ShardAsOf[]> {
  const histories = await listHistories(store);
  const shards: ShardAsOf[] = [];
  for (const history of histories) {
    const index = history.versions.findLastIndex(({ publishedAtMs }) => publishedAtMs <= asOfMs);
    if (index >= 0) shards.push({ history, index, version: await versionOf(store, history.versions[index]!) });
  }
  if (shards.length > 0) return shards;
  const first = Math.min(...histories.map(({ versions }) => versions[0]!.publishedAtMs));
  const since = Number.isFinite(first) ? `its first version is of ${isoTime(first)}` : 'it has no versions';
  throw new BadInput(`lake at ${store.url} had published nothing by ${isoTime(asOfMs)}: ${since}`);
}
