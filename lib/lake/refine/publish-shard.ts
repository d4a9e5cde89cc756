import { SOURCES } from '../../domain/chunk.ts';
import { nextOpenTime } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import { sha256 } from '../../domain/sha256.ts';
import { TABLES, type Table } from '../../domain/tables.ts';
import { labelHorizon } from '../../labels/label-horizon.ts';
import { readTable } from '../../parquet/read-table.ts';
import type { Clock, ObjectStore } from '../../ports.ts';
import { checkpointKey, manifestKey, tableKey } from '../keys.ts';
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

interface PublishShardInput
  extends Pick<Manifest, 'series' | 'period' | 'inputs' | 'codeHash' | 'previousChain' | 'chain' | 'lookahead'>,
    Pick<VersionRecord, 'follows' | 'followedBy'>,
    Required<Pick<VersionRecord, 'madeFrom'>> {
  readonly shard: ServedShard;
  readonly ledger: Ledger;
  readonly lineage: LedgerLineage;
  readonly refined: RefinedShard;
  /** The open time of the last candle that the labels could read; undefined if no candle was readable. */
  readonly lookedAtMs: number | undefined;
  /** The published objects, listed before the landed ones. */
  readonly seen: Published;
  /** The keys of the newest version records by period. The key of the version before this one is added. */
  readonly newestVersions: Map<Period, string>;
  /** True if the shard has a manifest that can be read. */
  readonly isWhole: boolean;
}

export interface PublishContext {
  readonly store: ObjectStore;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly runId: string;
  readonly finished: FinishedClaims;
}

/**
 * Publishes a shard: its objects, one atomic put each, then the record of the version, and the manifest last. Until the
 * manifest is there, the next run recomputes the shard. Whatever the objects in place contain and the new ones do not
 * is kept before the first is replaced. So every recorded version is available at every moment: in place, in a later
 * version that grew from it, or kept.
 * @throws ObjectChanged if another run publishes the same shard
 */
export async function publishShard(context: PublishContext, input: PublishShardInput): Promise<Manifest> {
  const { store } = context;
  const { series, period, refined, seen, isWhole } = input;
  const manifest = manifestOf(input);
  const version = await nextVersion(context, input, manifest);
  const shard = {
    manifestKey: manifestKey(series, period),
    manifest: encodeManifest(manifest),
    objects: [
      [manifest.checkpoint.key, refined.checkpoint] as const,
      ...TABLES.map((table) => [manifest.outputs[table].key, refined.tables[table].bytes] as const),
    ],
  };
  await replaceShard(store, shard, {
    seen,
    isWhole,
    runId: context.runId,
    finished: context.finished,
    nowMs: version?.record.publishedAtMs ?? context.clock.nowMs(),
    beforeManifest: async (publishedAtMs) => {
      if (version) await putVersion(store, { ...version.record, publishedAtMs }, version.before);
    },
  });
  return manifest;
}

/** Returns the record of the new version, after the version before is safe; undefined if the two are the same. */
async function nextVersion(
  { store, clock, runId }: PublishContext,
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
    // Versions are in order even if the clock of this run is behind the clock of the run before.
    publishedAtMs: Math.max(clock.nowMs(), (before?.publishedAtMs ?? 0) + 1),
    runId,
    sources: sourceRuns(series.market === 'sim', shard.source),
    knownUntilMs: lookedAtMs === undefined ? 0 : nextOpenTime(series.interval, lookedAtMs),
    ...(follows && { follows }),
    ...(followedBy && { followedBy }),
    madeFrom,
  };
  if (!before) return { record: { ...common, reason: 'created', restated: [] }, before };
  const { reason, restated } = await changeSince(before, {
    manifest,
    candles: shard.candles,
    labels: refined.tables.labels.bytes,
  });
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
  const { series, period, inputs, codeHash, previousChain, chain, lookahead, shard, refined } = input;
  const outputs = byTable((table): ManifestOutput => {
    const { bytes, rows } = refined.tables[table];
    return { key: tableKey(table, series, period), sha256: sha256(bytes), sizeBytes: bytes.length, rows };
  });
  return {
    series,
    period,
    inputs,
    codeHash,
    previousChain,
    chain,
    checkpoint: { key: checkpointKey(series, period), sha256: sha256(refined.checkpoint) },
    outputs,
    head: hashHead(shard.candles, labelHorizon(series.interval)),
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
    // A shard without a candle has the begin of its ledger here.
    firstOpenTimeMs: openTimeMs[0] ?? ledger.account.fromMs,
    lastOpenTimeMs: openTimeMs[length - 1] ?? ledger.account.fromMs,
    labels: refined.tables.labels.rows,
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
    sizeBytes: byTable((table) => refined.tables[table].bytes.length),
  };
}

function byTable<T>(value: (table: Table) => T): Record<Table, T> {
  return Object.fromEntries(TABLES.map((table) => [table, value(table)])) as Record<Table, T>;
}
