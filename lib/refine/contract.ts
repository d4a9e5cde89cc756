import type { Series } from '../domain/series.ts';
import type { Stream } from '../domain/stream.ts';

/** Event of the refine stage: one item of the refine map, with the cursor of the invocation before where there is one. */
export interface RefineInput {
  readonly runId: string;
  readonly series: Series;
  /** Period to go on from; the periods before it are done. */
  readonly cursor?: string;
}

export interface RefineResult {
  readonly runId: string;
  readonly series: Series;
  /** False where the time limit came first: invoke again with `cursor`. */
  readonly done: boolean;
  readonly cursor?: string;
  readonly shards: number;
  readonly recomputed: number;
}

/** What `refine` writes to `runs/<id>/refine/<series>.json` when a series is done. */
export interface SeriesReport {
  readonly series: Series;
  /** Every shard the series has now, in order. */
  readonly shards: readonly ShardReport[];
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
  readonly sizeBytes: { readonly candles: number; readonly features: number; readonly labels: number };
}

/** Two sources (or two rows of one) that give different values for one candle. */
export interface Conflict {
  readonly openTimeMs: number;
  readonly column: string;
  readonly kept: { readonly value: number; readonly source: string };
  readonly other: { readonly value: number; readonly source: string };
}

/** Lineage of a shard, `manifests/…/manifest.json`: what it was made from, by what, and what came out, by hash. */
export interface Manifest {
  readonly series: Series;
  readonly period: string;
  readonly inputs: readonly { readonly key: string; readonly sha256: string }[];
  /** sha256 of the code that refines and of its settings. */
  readonly codeHash: string;
  /** Chain hash of the shard before, or the empty string for the first. */
  readonly previousChain: string;
  /** sha256 over the previous chain, this shard's candle values and the code: what the checkpoint stands for. */
  readonly chain: string;
  readonly checkpoint: { readonly key: string; readonly sha256: string };
  readonly outputs: Readonly<Record<'candles' | 'features' | 'labels', ManifestOutput>>;
  /** Hash and number of the first candles, which the labels of the shard before look at. */
  readonly head: { readonly sha256: string; readonly candles: number };
  /** Hash of the candles after this shard that its labels looked at. */
  readonly lookahead: string;
  readonly report: Omit<ShardReport, 'manifestKey' | 'manifestSha256' | 'recomputed'>;
}

export interface ManifestOutput {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rows: number;
}

/** Event of the refine stage where the item is a stream. */
export interface RefineStreamInput {
  readonly runId: string;
  readonly stream: Stream;
}

export interface RefineStreamResult {
  readonly runId: string;
  readonly stream: Stream;
  readonly shards: number;
  readonly recomputed: number;
}

/** What `refine` writes to `runs/<id>/refine/stream_<stream>.json`. */
export interface StreamReport {
  readonly stream: Stream;
  /** Every shard with rows that the stream has now, in order. */
  readonly shards: readonly StreamShardReport[];
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
  readonly duplicates: number;
  readonly conflicts: number;
  /** The first few conflicts, with both values. */
  readonly conflictSamples: readonly StreamConflict[];
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
  readonly codeHash: string;
  /** sha256 of the carry of the shard before. */
  readonly before: string;
  /** Absent where nothing that landed has a row. */
  readonly output?: ManifestOutput;
  readonly report: Omit<StreamShardReport, 'recomputed'>;
  /** What the next shard goes on from. */
  readonly carry: string;
}
