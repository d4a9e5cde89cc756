import { ObjectChanged } from '../../domain/errors.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { ObjectStore, StoredObject } from '../../ports.ts';
import { CLAIM_LIVES_MS, type Claim, decodeClaims, encodeClaims, isLive } from './claim.ts';

/** All that is published of a series or a stream, by key. */
export type Published = ReadonlyMap<string, Pick<StoredObject, 'sizeBytes' | 'tag'>>;

/** A shard as it is to be: its manifest, and the objects that the manifest names. */
export interface NewShard {
  readonly manifestKey: string;
  readonly manifest: Uint8Array;
  readonly objects: readonly (readonly [key: string, bytes: Uint8Array])[];
}

/** Hashes of this run's own claims of which no put is on its way any more. */
export type FinishedClaims = Set<string>;

export interface Replacement {
  readonly seen: Published;
  /** True if a whole manifest was read after the listing, so that no claim can be in its place. */
  readonly isWhole: boolean;
  readonly runId: string;
  readonly nowMs: number;
  readonly finished: FinishedClaims;
  /**
   * Runs once the objects are in place and before the manifest is. The instant is later than those of earlier claims.
   */
  readonly beforeManifest?: (publishedAtMs: number) => Promise<void>;
}

/**
 * Lists what is published. What has landed must be listed after this: as long as a manifest is the one listed, no run
 * has published its shard since, so this run knows at least what that manifest was made from.
 */
export async function listPublished(store: ObjectStore, prefixes: readonly string[]): Promise<Published> {
  const lists = await Promise.all(prefixes.map((prefix) => store.list(prefix)));
  return new Map(lists.flat().map((object) => [object.key, object]));
}

/**
 * Puts the objects of a shard and then its manifest, so that no run can mix its objects with those of another. Every
 * put is on the condition that the object is still the one seen; docs/versions.md ("Two runs at once") says why
 * that is enough. If nothing is there, nothing has to be claimed: of two runs that create the same object, one fails.
 * @throws ObjectChanged if another run publishes the same shard
 */
export async function replaceShard(store: ObjectStore, shard: NewShard, replacement: Replacement): Promise<void> {
  const { manifestKey, manifest, objects } = shard;
  const { seen, nowMs, finished, beforeManifest } = replacement;
  const isNew = [manifestKey, ...objects.map(([key]) => key)].every((key) => !seen.has(key));
  const claimed = isNew ? undefined : await claim(store, shard, replacement);
  const tags = await putAll(store, objects, seen).finally(() => claimed && finished.add(claimed.hash));
  for (const earlier of claimed?.earlier ?? []) assertOver(earlier, objects, tags);
  await beforeManifest?.(claimed?.atMs ?? nowMs);
  await store.put(manifestKey, manifest, { tag: claimed?.tag });
}

/** Passes that are begun again because another run publishes the same shards. Two runs need one or two. */
const MOST_PASSES = 20;

/** Begins a pass over shards again, from the listing on, as long as another run publishes the same shards. */
export async function untilUndisturbed<Result>(pass: (finished: FinishedClaims) => Promise<Result>): Promise<Result> {
  const finished: FinishedClaims = new Set();
  for (let passes = 1; ; passes++) {
    try {
      return await pass(finished);
    } catch (error) {
      if (!(error instanceof ObjectChanged) || passes === MOST_PASSES) throw error;
    }
  }
}

/** Puts this run's claim in the place of the manifest. Claims of other runs that were there stay beside it. */
async function claim(
  store: ObjectStore,
  { manifestKey, objects }: NewShard,
  { seen, isWhole, runId, nowMs, finished }: Replacement,
): Promise<{ readonly tag: string; readonly hash: string; readonly atMs: number; readonly earlier: readonly Claim[] }> {
  const there = isWhole ? [] : decodeClaims(await store.get(manifestKey));
  const earlier = there.filter((one) => isLive(one, nowMs) && !finished.has(hashOf(one)));
  const own: Claim = {
    runId,
    claimedAtMs: Math.max(nowMs, ...there.map(({ claimedAtMs }) => claimedAtMs + 1)),
    objects: objects.map(([key, bytes]) => ({ key, replaces: seen.get(key)?.tag, sha256: sha256(bytes) })),
  };
  const tag = await store.put(manifestKey, encodeClaims([...earlier, own]), { tag: seen.get(manifestKey)?.tag });
  return { tag, hash: hashOf(own), atMs: own.claimedAtMs, earlier };
}

function hashOf(claim: Claim): string {
  return sha256(encodeClaims([claim]));
}

/**
 * Sees that no put of an earlier claim can succeed any more. It can if an object has the tag again that it had for that
 * run (S3 gives equal bytes equal tags) and that run was to put other bytes over it. This is rare, so the run gives up.
 */
function assertOver(
  { runId, claimedAtMs, objects: planned }: Claim,
  objects: NewShard['objects'],
  tags: ReadonlyMap<string, string>,
): void {
  for (const [key, bytes] of objects) {
    const other = planned.find((one) => one.key === key);
    if (other?.replaces !== tags.get(key) || other?.sha256 === sha256(bytes)) continue;
    const until = new Date(claimedAtMs + CLAIM_LIVES_MS).toISOString();
    throw new Error(`${key} may still be written by run ${runId}, which has not finished: run again after ${until}`);
  }
}

/**
 * Puts objects side by side, each over the one seen.
 * @throws the first failure, once none is being written any more; ObjectChanged only if no put failed otherwise
 */
async function putAll(
  store: ObjectStore,
  objects: NewShard['objects'],
  seen: Published,
): Promise<ReadonlyMap<string, string>> {
  const outcomes = await Promise.allSettled(
    objects.map(async ([key, bytes]) => [key, await store.put(key, bytes, { tag: seen.get(key)?.tag })] as const),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((error) => !(error instanceof ObjectChanged)) ?? failures[0];
  return new Map(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
}
