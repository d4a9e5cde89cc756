import { holdsNone } from '../domain/empty-lake.ts';
import { BadInput, CorruptObject } from '../domain/errors.ts';
import { versionKey, versionsPrefix } from '../domain/keys.ts';
import { isoTime } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import { readVersion } from '../refine/version-record.ts';
import { listHistories, type ShardAsOf, type ShardHistory, versionOf } from './shard-history.ts';

/**
 * The lake as it stood at an instant: of each shard the newest version published at or before it.
 * @throws BadInput where nothing had been published by then, and where the instant is still to come: what stands then is
 * not known, and the same question would have another answer tomorrow
 * @throws CorruptObject where the record of what stood then is damaged, or may be gone
 */
export async function lakeAsOf(store: ObjectStore, asOfMs: number, nowMs: number): Promise<ShardAsOf[]> {
  const histories = await listHistories(store);
  if (histories.length === 0) throw holdsNone(store.url, 'versions');
  assertPast(asOfMs, nowMs, histories);
  const shards: ShardAsOf[] = [];
  for (const history of histories) {
    const index = history.versions.findLastIndex(({ publishedAtMs }) => publishedAtMs <= asOfMs);
    await assertNoneGone(store, history, index);
    if (index >= 0) shards.push({ history, index, version: await versionOf(store, history.versions[index]!) });
  }
  if (shards.length > 0) return shards;
  const first = Math.min(...histories.map(({ versions }) => versions[0]!.publishedAtMs));
  throw new BadInput(
    `lake at ${store.url} had published nothing by ${isoTime(asOfMs)}: its first version is of ${isoTime(first)}`,
  );
}

/** Records are never removed. Where the next version replaced one that is not recorded, that may be what stood then. */
async function assertNoneGone(store: ObjectStore, history: ShardHistory, index: number): Promise<void> {
  const { series, period, versions } = history;
  const next = versions[index + 1];
  const replaced = next && (await readVersion(store, versionKey(next)))?.replaces;
  if (replaced === undefined || versions.some(({ manifest12 }) => replaced.startsWith(manifest12))) return;
  throw new CorruptObject(
    `${versionsPrefix(series, period)} has no record of version ${replaced.slice(0, 12)}, which may be what stood then: ` +
      'put it back from a copy of the lake',
  );
}

/** A version that a faster clock published is there, and can be asked for. */
function assertPast(asOfMs: number, nowMs: number, histories: readonly ShardHistory[]): void {
  const latest = histories.reduce((last, { versions }) => Math.max(last, versions.at(-1)!.publishedAtMs), nowMs);
  if (asOfMs > latest) {
    throw new BadInput(`as-of must not be in the future, it is ${isoTime(latest)} now, got ${isoTime(asOfMs)}`);
  }
}
