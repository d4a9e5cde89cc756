import { checkpointKey, manifestKey, TABLES, tableKey } from '../domain/keys.ts';
import { labelHorizon } from '../labels/label-horizon.ts';
import type { ObjectStore } from '../ports.ts';
import type { Manifest, ManifestOutput, ShardReport } from './contract.ts';
import type { DecodedShard } from './decode-shard.ts';
import { hashHead, sha256 } from './hash.ts';
import { encodeManifest } from './manifest.ts';
import type { RefinedShard } from './refine-shard.ts';

export interface PublishShardInput
  extends Pick<Manifest, 'series' | 'period' | 'inputs' | 'codeHash' | 'previousChain' | 'lookahead'> {
  readonly holes: ShardReport['holes'];
  readonly shard: DecodedShard;
  readonly refined: RefinedShard;
}

/**
 * Puts a shard's objects, one atomic put each, and its manifest last: until that stands, the shard counts as not made,
 * and the next run makes it again.
 */
export async function publishShard(store: ObjectStore, input: PublishShardInput): Promise<Manifest> {
  const { series, period, inputs, codeHash, previousChain, lookahead, shard, refined } = input;
  const { candles } = shard;
  const key = manifestKey(series, period);
  const rows = { candles: candles.length, features: candles.length, labels: refined.labelRows };
  // Whoever stops between here and the end, with whatever code the next run comes, no manifest vouches for a mixture.
  if (await store.get(key)) await store.put(key, encodeManifest(undefined));
  const checkpoint = { key: checkpointKey(series, period), sha256: sha256(refined.checkpoint) };
  const outputs = {} as Record<(typeof TABLES)[number], ManifestOutput>;
  const objects: [key: string, bytes: Uint8Array][] = [[checkpoint.key, refined.checkpoint]];
  for (const table of TABLES) {
    const bytes = refined[table];
    const output = tableKey(table, series, period);
    objects.push([output, bytes]);
    outputs[table] = { key: output, sha256: sha256(bytes), sizeBytes: bytes.length, rows: rows[table] };
  }
  await putAll(store, objects);
  const manifest: Manifest = {
    series,
    period,
    inputs,
    codeHash,
    previousChain,
    chain: refined.chain,
    checkpoint,
    outputs,
    head: hashHead(candles, labelHorizon(series.interval)),
    lookahead,
    report: shardReport(input),
  };
  await store.put(key, encodeManifest(manifest));
  return manifest;
}

/** Puts objects side by side, in no order. @throws the first failure, once none is being written any more. */
async function putAll(store: ObjectStore, objects: readonly [key: string, bytes: Uint8Array][]): Promise<void> {
  const outcomes = await Promise.allSettled(objects.map(([key, bytes]) => store.put(key, bytes)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

function shardReport({ period, holes, shard, refined }: PublishShardInput): Manifest['report'] {
  const { openTimeMs, length } = shard.candles;
  return {
    period,
    candles: length,
    firstOpenTimeMs: openTimeMs[0]!,
    lastOpenTimeMs: openTimeMs[length - 1]!,
    labels: refined.labelRows,
    missing: refined.missing,
    duplicates: shard.duplicates,
    notClosed: shard.notClosed,
    conflicts: shard.conflicts,
    conflictSamples: shard.conflictSamples,
    holes,
    sizeBytes: {
      candles: refined.candles.length,
      features: refined.features.length,
      labels: refined.labels.length,
    },
  };
}
