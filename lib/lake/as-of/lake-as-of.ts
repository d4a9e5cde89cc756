import { BadInput, CorruptObject } from '../../domain/errors.ts';
import { seriesName } from '../../domain/series.ts';
import { isoTime } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { holdsNone } from '../empty-lake.ts';
import { manifestKey, versionKey, versionsPrefix } from '../keys.ts';
import { listHistories, type ShardAsOf, type ShardHistory, versionOf } from '../versions/shard-history.ts';
import { readVersion } from '../versions/version-record.ts';

/**
 * Returns the state of the lake at an instant: the newest version of each shard that was published at or before it.
 * @throws BadInput if nothing had been published by then, or if the instant is in the future: its state is not known
 * yet
 * @throws CorruptObject if the record of a version that was current then is damaged, or may be missing
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
  for (const shard of shards) assertFollows(shard, histories);
  await assertRecorded(store, histories);
  if (shards.length > 0) return shards;
  const first = Math.min(...histories.map(({ versions }) => versions[0]!.publishedAtMs));
  throw new BadInput(
    `lake at ${store.url} had published nothing by ${isoTime(asOfMs)}: its first version is of ${isoTime(first)}`,
  );
}

/** Records are never removed. If the next version replaced one without a record, that one may have been current. */
async function assertNoneGone(store: ObjectStore, history: ShardHistory, index: number): Promise<void> {
  const { series, period, versions } = history;
  const next = versions[index + 1];
  const replaced = next && (await readVersion(store, versionKey(next)))?.replaces;
  if (replaced === undefined || versions.some(({ manifest12 }) => replaced.startsWith(manifest12))) return;
  throw noRecord(versionsPrefix(series, period), replaced);
}

/** Checks that the version that a shard continues from is recorded too. */
function assertFollows({ history, version }: ShardAsOf, histories: readonly ShardHistory[]): void {
  const { follows } = version;
  if (!follows) return;
  const { series } = history;
  const name = seriesName(series);
  const before = histories.find((one) => one.period === follows.period && seriesName(one.series) === name);
  if (before?.versions.some(({ manifest12 }) => follows.manifestSha256.startsWith(manifest12))) return;
  throw noRecord(versionsPrefix(series, follows.period), follows.manifestSha256);
}

/**
 * Checks that every published shard has a recorded version. A shard that is being rebuilt has `null` as its manifest.
 */
async function assertRecorded(store: ObjectStore, histories: readonly ShardHistory[]): Promise<void> {
  const recorded = new Set(histories.map(({ series, period }) => manifestKey(series, period)));
  for (const { key } of await store.list('manifests/market=')) {
    const bytes = recorded.has(key) ? undefined : await store.get(key);
    if (!bytes || Buffer.from(bytes).toString().trim() === 'null') continue;
    throw new CorruptObject(
      `${key} is of no version that is recorded: \`npx lake audit --repair\`, then \`npx lake run\` for its series`,
    );
  }
}

function noRecord(prefix: string, manifestSha256: string): CorruptObject {
  return new CorruptObject(
    `${prefix} has no record of version ${manifestSha256.slice(0, 12)}, which may be what stood then: ` +
      'put it back from a copy of the lake',
  );
}

/** Refuses an instant in the future. A version that a faster clock published is not in the future. */
function assertPast(asOfMs: number, nowMs: number, histories: readonly ShardHistory[]): void {
  const latest = histories.reduce((last, { versions }) => Math.max(last, versions.at(-1)!.publishedAtMs), nowMs);
  if (asOfMs > latest) {
    throw new BadInput(`as-of must not be in the future, it is ${isoTime(latest)} now, got ${isoTime(asOfMs)}`);
  }
}
