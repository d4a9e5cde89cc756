import type { Source } from '../../domain/chunk.ts';
import type { GapClass } from '../../domain/gap-class.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Table } from '../keys.ts';

/** An archive file that says nothing of its candles. */
export interface FailedFile {
  readonly source: Source;
  /** Its whole month or day. */
  readonly range: TimeRange;
  readonly error: string;
  readonly message: string;
  /** True where it landed and cannot be read. */
  readonly landed?: true;
}

export interface ShardReport {
  readonly period: string;
  readonly manifestKey: string;
  readonly manifestSha256: string;
  readonly recomputed: boolean;
  readonly candles: number;
  readonly firstOpenTimeMs: number;
  readonly lastOpenTimeMs: number;
  readonly labels: number;
  /** Intervals missing between the first and the last candle of the series so far, within this shard. */
  readonly missing: number;
  readonly duplicates: number;
  readonly notClosed: number;
  readonly conflicts: number;
  /** The first few conflicts, with both values. */
  readonly conflictSamples: readonly Conflict[];
  /** Candles that landed and are not served, because the symbol had no market then. */
  readonly quarantined: number;
  /** Intervals that the shard's ledger accounts for: the sum of its candles and of what `accounted` has besides. */
  readonly grid: number;
  /** What the ledger says, by class. */
  readonly accounted: Accounted;
  /** Of the `unknown` intervals, those that nobody was ever asked for. */
  readonly unasked: number;
  /** The first of the ranges that an archive file did not bring, lacking them or failing, and that REST was never asked for. */
  readonly holes: readonly TimeRange[];
  /** Archive files that landed for it and cannot be read; absent where there are none. */
  readonly unreadable?: readonly FailedFile[];
  readonly sizeBytes: {
    readonly candles: number;
    readonly features: number;
    readonly labels: number;
    readonly gaps: number;
  };
}

/** Intervals in the ledger by class, and how many of them are candles all the same. */
export type Accounted = Readonly<Partial<Record<GapClass, { readonly intervals: number; readonly candles: number }>>>;

/** Two sources (or two rows of one) that give different values for one candle. */
export interface Conflict {
  readonly openTimeMs: number;
  readonly column: string;
  readonly kept: ConflictingValue;
  readonly other: ConflictingValue;
}

export interface ConflictingValue {
  readonly value: number;
  readonly source: string;
  /** Of the landed object that says so. */
  readonly sha256: string;
}

/** Lineage of a shard, `manifests/…/manifest.json`: what it was made from, by what, and what came out, by hash. */
export interface Manifest {
  readonly series: Series;
  readonly period: string;
  readonly inputs: readonly ManifestInput[];
  /** sha256 of the code that refines and of its settings. */
  readonly codeHash: string;
  /** Chain hash of the shard before, or the empty string for the first. */
  readonly previousChain: string;
  /** sha256 over the previous chain, this shard's candle values and the code: what the checkpoint stands for. */
  readonly chain: string;
  readonly checkpoint: { readonly key: string; readonly sha256: string };
  readonly outputs: Readonly<Record<Table, ManifestOutput>>;
  /** Hash and number of the first candles, which the labels of the shard before look at. */
  readonly head: { readonly sha256: string; readonly candles: number };
  /** Hash of the candles after this shard that its labels looked at. */
  readonly lookahead: string;
  readonly ledger: LedgerLineage;
  readonly report: Omit<ShardReport, 'manifestKey' | 'manifestSha256' | 'recomputed'>;
}

export interface ManifestInput {
  readonly key: string;
  readonly sha256: string;
  /** A newer version of the same archive file had taken its place. */
  readonly superseded?: true;
}

/** What the ledger of a shard was made from, besides its inputs. The chain does not know of it. */
export interface LedgerLineage {
  /** Open times that it accounts for. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Hash over all that it was made from but the candles: other evidence, another ledger. */
  readonly basis: string;
  /** Where the life of the symbol begins or ends within the period; what lies outside is not served. */
  readonly servedFromMs?: number;
  readonly servedToMs?: number;
}

export interface ManifestOutput {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rows: number;
}

/** Why a version of a shard came to be; what changed since the version before. */
export const VERSION_REASONS = [
  /** There was none. */
  'created',
  /** Candles after those it had, or its first. */
  'extended',
  /** The same candles; the labels of the last ones could look further. */
  'labels_decided',
  /** The same values, from other landed objects. */
  'source_replaced',
  /** The same candles, another account of what is missing. */
  'evidence_changed',
  /** Candles that it had are others now, or there are more between them. */
  'revised',
  /** A shard before it was revised, which features remember. */
  'earlier_revised',
  /** Candles after it, which its labels look at, were revised. */
  'later_revised',
  /** Other code made it. */
  'code_changed',
] as const;
export type VersionReason = (typeof VERSION_REASONS)[number];

/** One version that a shard had: `versions/…/period=…/<published at>-<manifest>.json`. */
export interface VersionRecord {
  readonly manifest: Manifest;
  /** Of the manifest as it is stored. */
  readonly manifestSha256: string;
  readonly publishedAtMs: number;
  readonly runId: string;
  readonly reason: VersionReason;
  /** The version before it, by the sha256 of its manifest. */
  readonly replaces?: string;
  /** Tables of the version before that cannot be cut out of this one's any more, and so are kept as they were. */
  readonly restated: readonly Table[];
  /** How the candles differ from those of the version before, where they were revised. */
  readonly revision?: CandleRevision;
  /** Sources of the candles, in their order. */
  readonly sources: readonly { readonly source: string; readonly candles: number }[];
  /** End of the last candle that its labels could look at. */
  readonly knownUntilMs: number;
  /** The version of the shard before it that it goes on from; left out where there was none. */
  readonly follows?: { readonly period: Period; readonly manifestSha256: string };
  /** The next period that had a shard, where its account ended; left out where it was the last. */
  readonly followedBy?: Period;
  /** Left out of the first records, whose versions cannot be made again. */
  readonly madeFrom?: MadeFrom;
}

/**
 * What a version was made from besides the shards before it, as it stood then: enough to make it again, whatever has landed
 * since. What never changes is named; what may be put anew is written down.
 */
export interface MadeFrom {
  /** What the receipts of the manifest's inputs said, in their order. */
  readonly inputs: readonly LandingTimes[];
  /** Other landed objects: of periods without a shard that its ledger accounts for, that its labels looked at, and that tell the symbol's end. */
  readonly others: readonly LandedThen[];
  /** Keys of what was known of the symbol's life, and of how far the grid had come where that bears on its ledger. */
  readonly facts: readonly string[];
  /** Records of chunks that could not be had, word by word. */
  readonly failures: readonly { readonly key: string; readonly text: string }[];
}

/** When a landed object had landed, as its receipt said: what of that bears on a shard. */
export interface LandingTimes {
  /** The last time. */
  readonly fetchedAtMs: number;
  readonly asOfMs: number;
  /** The times before, ascending; left out where there were none. */
  readonly earlierMs?: readonly number[];
}

export interface LandedThen extends LandingTimes {
  /** Of the bytes. */
  readonly key: string;
}

export interface CandleRevision {
  /** Candles with other values. */
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Open times of the first and the last of them. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** An archive file of a stream that landed and cannot be read. */
export interface UnreadableStreamFile extends FailedFile {
  /** The parts of its range of which nothing else that landed tells. */
  readonly lacking: readonly TimeRange[];
}

export interface StreamShardReport {
  readonly period: string;
  readonly recomputed: boolean;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Steps of the grid without a row between the first and the last row of the stream so far, within this shard. */
  readonly missing: number;
  /** Times of which something landed that is not served, because the symbol had no market then. */
  readonly quarantined: number;
  readonly duplicates: number;
  readonly conflicts: number;
  /** The first few conflicts, with both values. */
  readonly conflictSamples: readonly StreamConflict[];
  /** Archive files that begin in it, landed and cannot be read; absent where there are none. */
  readonly unreadable?: readonly UnreadableStreamFile[];
}

/** Two sources (or two rows of one) that give different values for one instant. */
export interface StreamConflict extends Omit<Conflict, 'openTimeMs'> {
  readonly timeMs: number;
}

/** Lineage of a shard of a stream, `manifests/streams/…/manifest.json`. */
export interface StreamManifest {
  readonly stream: Stream;
  readonly period: string;
  /** Receipts of what it was made from, in key order; landed bytes are named by their hash. */
  readonly inputs: readonly string[];
  /** Those of them whose place a newer version of the same archive file had taken; absent where none. */
  readonly superseded?: readonly string[];
  /** Where the life of the symbol begins or ends within the period; what lies outside is not served. */
  readonly servedFromMs?: number;
  readonly servedToMs?: number;
  readonly codeHash: string;
  /** sha256 of the carry of the shard before. */
  readonly before: string;
  /** Absent where nothing that landed has a row. */
  readonly output?: ManifestOutput;
  readonly report: Omit<StreamShardReport, 'recomputed'>;
  /** What the next shard goes on from. */
  readonly carry: string;
}
