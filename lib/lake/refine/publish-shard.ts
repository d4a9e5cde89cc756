import { SOURCES } from '../../domain/chunk.ts';
import { nextOpenTime } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { labelHorizon } from '../../labels/label-horizon.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { Clock, ObjectStore } from '../../ports.ts';
import { checkpointKey, manifestKey, TABLES, tableKey } from '../keys.ts';
import { unreadableFile } from '../ledger/failed-chunk.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ServedShard } from '../ledger/quarantine.ts';
import type { LedgerLineage, Manifest, ManifestOutput } from '../manifest/contract.ts';
import { hashHead } from '../manifest/hash-candles.ts';
import { encodeManifest } from '../manifest/manifest.ts';
import { type FinishedClaims, type Published, replaceShard } from '../manifest/replace-shard.ts';
import { candleRevision, changeSince } from '../versions/compare-versions.ts';
import type { VersionRecord } from '../versions/contract.ts';
import { keepTables } from '../versions/kept-tables.ts';
import { putVersion, readShardVersions } from '../versions/version-record.ts';
import type { RefinedShard } from './refine-shard.ts';

export interface PublishShardInput
  extends Pick<Manifest, 'series' | 'period' | 'inputs' | 'codeHash' | 'previousChain' | 'lookahead'>,
    Pick<VersionRecord, 'follows' | 'followedBy'>,
    Required<Pick<VersionRecord, 'madeFrom'>> {
  readonly shard: ServedShard;
  readonly ledger: Ledger;
  readonly lineage: LedgerLineage;
  readonly refined: RefinedShard;
  /** Open time of the last candle that the labels could look at; undefined where there is none. */
  readonly lookedAtMs: number | undefined;
  /** What was published when the run looked. */
  readonly seen: Published;
  /** Keys of the newest version records that were seen, by period; the one before this version is noted. */
  readonly newestVersions: Map<Period, string>;
  /** True if the shard has a manifest that can be read. */
  readonly isWhole: boolean;
}

export interface PublishWorld {
  readonly store: ObjectStore;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly runId: string;
  readonly finished: FinishedClaims;
}

/**
 * Puts a shard's objects, one atomic put each, then the record of the version that they are, and its manifest last:
 * until that stands, the shard counts as not made, and the next run makes it again. What the objects in place hold and
 * these do not is kept before the first is replaced. So at every moment each recorded version is there: in place, or in
 * what grew from it, or kept.
 * @throws ObjectChanged if another run publishes the same shard
 */
export async function publishShard(world: PublishWorld, input: PublishShardInput): Promise<Manifest> {
  const { store } = world;
  const { series, period, refined, seen, isWhole } = input;
  const manifest = manifestOf(input);
  const version = await nextVersion(world, input, manifest);
  const shard = {
    manifestKey: manifestKey(series, period),
    manifest: encodeManifest(manifest),
    objects: [
      [manifest.checkpoint.key, refined.checkpoint] as const,
      ...TABLES.map((table) => [manifest.outputs[table].key, refined[table]] as const),
    ],
  };
  await replaceShard(store, shard, {
    seen,
    isWhole,
    runId: world.runId,
    finished: world.finished,
    nowMs: version?.record.publishedAtMs ?? world.clock.nowMs(),
    beforeManifest: async (publishedAtMs) => {
      if (version) await putVersion(store, { ...version.record, publishedAtMs }, version.before);
    },
  });
  return manifest;
}

/** The record of what is about to be published, once the version before is safe; undefined where that is the same one. */
async function nextVersion(
  { store, clock, runId }: PublishWorld,
  input: PublishShardInput,
  manifest: Manifest,
): Promise<{ readonly record: VersionRecord; readonly before: VersionRecord | undefined } | undefined> {
  const { series, period, shard, refined, lookedAtMs, follows, followedBy, madeFrom, newestVersions } = input;
  const manifestSha256 = sha256(encodeManifest(manifest));
  const { newest: before, key } = await readShardVersions(store, series, period, newestVersions.get(period));
  if (key !== undefined) newestVersions.set(period, key);
  if (before?.manifestSha256 === manifestSha256) return undefined;
  const common = {
    manifest,
    manifestSha256,
    // Versions follow one another, also where the clock of this run is behind that of the one before.
    publishedAtMs: Math.max(clock.nowMs(), (before?.publishedAtMs ?? 0) + 1),
    runId,
    sources: sourceRuns(series.market === 'sim', shard.source),
    knownUntilMs: lookedAtMs === undefined ? 0 : nextOpenTime(series.interval, lookedAtMs),
    ...(follows && { follows }),
    ...(followedBy && { followedBy }),
    madeFrom,
  };
  if (!before) return { record: { ...common, reason: 'created', restated: [] }, before };
  const { reason, restated } = await changeSince(before, { manifest, candles: shard.candles, labels: refined.labels });
  const old = await keepTables(store, before, restated);
  const candles = reason === 'revised' ? old.get('candles') : undefined;
  const revision = candles && candleRevision((await readTable(candles)).columns, shard.candles);
  const change = { reason, replaces: before.manifestSha256, restated, ...(revision && { revision }) };
  return { record: { ...common, ...change }, before };
}

function sourceRuns(simulated: boolean, source: Uint8Array): VersionRecord['sources'] {
  if (simulated) return [{ source: 'simulated', candles: source.length }];
  const runs: { source: string; candles: number }[] = [];
  for (let from = 0, row = 0; row < source.length; from = row) {
    while (row < source.length && source[row] === source[from]) row++;
    runs.push({ source: SOURCES[source[from]!]!, candles: row - from });
  }
  return runs;
}

function manifestOf(input: PublishShardInput): Manifest {
  const { series, period, inputs, codeHash, previousChain, lookahead, shard, refined } = input;
  const { candles } = shard;
  const rows = {
    candles: candles.length,
    features: candles.length,
    labels: refined.labelRows,
    gaps: input.ledger.rows.length,
  };
  const outputs = Object.fromEntries(
    TABLES.map((table): [string, ManifestOutput] => {
      const bytes = refined[table];
      const key = tableKey(table, series, period);
      return [table, { key, sha256: sha256(bytes), sizeBytes: bytes.length, rows: rows[table] }];
    }),
  ) as Manifest['outputs'];
  return {
    series,
    period,
    inputs,
    codeHash,
    previousChain,
    chain: refined.chain,
    checkpoint: { key: checkpointKey(series, period), sha256: sha256(refined.checkpoint) },
    outputs,
    head: hashHead(candles, labelHorizon(series.interval)),
    lookahead,
    ledger: input.lineage,
    report: shardReport(input),
  };
}

const MAX_SAMPLES = 20;

function shardReport({ period, shard, ledger, refined }: PublishShardInput): Manifest['report'] {
  const { openTimeMs, length } = shard.candles;
  const { grid, accounted, unasked, holes } = ledger;
  return {
    period,
    candles: length,
    // Without a candle, where its account begins.
    firstOpenTimeMs: openTimeMs[0] ?? ledger.account.fromMs,
    lastOpenTimeMs: openTimeMs[length - 1] ?? ledger.account.fromMs,
    labels: refined.labelRows,
    missing: refined.missing,
    duplicates: shard.duplicates,
    notClosed: shard.notClosed,
    conflicts: shard.conflicts.length,
    conflictSamples: shard.conflicts.slice(0, MAX_SAMPLES),
    quarantined: shard.quarantined.notListed.rows + shard.quarantined.settled.rows,
    grid,
    accounted,
    unasked,
    holes,
    ...(shard.unreadable.length > 0 && { unreadable: shard.unreadable.map(unreadableFile) }),
    sizeBytes: {
      candles: refined.candles.length,
      features: refined.features.length,
      labels: refined.labels.length,
      gaps: refined.gaps.length,
    },
  };
}
