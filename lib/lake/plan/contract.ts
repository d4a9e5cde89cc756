import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';

/** What a user asks for; also the input of the state machine, as JSON. Everything left out comes from the defaults. */
export interface PlanRequest {
  readonly market?: string;
  /** Symbols, or `["all"]` for every trading perpetual. */
  readonly symbols?: readonly string[];
  readonly interval?: string;
  /** A span back from now, such as `30d 6m 1y 30dias 6meses 1ano`; not together with `from`. */
  readonly period?: string;
  /** First open time wanted, ISO 8601. */
  readonly from?: string;
  /** Open times before this instant are wanted, ISO 8601; now, where left out. */
  readonly to?: string;
  /** True to collect also what is not candles: instruments, funding, open interest, mark candles. */
  readonly streams?: boolean;
  /** True to want only what the archive has by now, and to ask REST nothing; the run is complete with that. */
  readonly archiveOnly?: boolean;
}

/** Event of the plan stage. */
export interface PlanInput {
  readonly runId: string;
  readonly request: PlanRequest;
}

/** Event of the plan stage once a run has refined: who else is to be asked for what archive files did not bring? */
export interface PlanHolesInput {
  readonly runId: string;
  readonly holes: true;
}

/** What `plan` gives back: everything that a run will do, as plain data. Written to `runs/<id>/plan.json`. */
export interface Plan {
  readonly runId: string;
  readonly market: Market;
  readonly interval: Interval;
  /** Open times wanted, cut to candles already closed. */
  readonly range: TimeRange;
  /** The exchange's time when this was planned. */
  readonly asOfMs: number;
  /** True if the archive alone is used: because the request says so, or because REST refuses or does not answer. */
  readonly archiveOnly: boolean;
  /** True if the request says so. The run then lacks nothing that the archive does not have. */
  readonly archiveOnlyWanted?: true;
  /** Lines a person should read, such as that the region is blocked. */
  readonly notices: readonly string[];
  readonly series: readonly PlannedSeries[];
  /** Chunks to fetch, archive files first; what the lake has is not among them. */
  readonly chunks: readonly Chunk[];
  /** What is collected beside the candles, where that was asked for. */
  readonly streams?: StreamPlan;
  readonly totals: PlanTotals;
}

export interface StreamPlan {
  readonly streams: readonly PlannedStream[];
  /** What the lake has is not among them. */
  readonly chunks: readonly StreamChunk[];
}

export interface PlannedStream {
  readonly stream: Stream;
  /** Instants wanted. */
  readonly range: TimeRange;
  readonly wantedChunks: number;
  readonly landedChunks: number;
  /** Ranges nobody can be asked for: no file, and REST no longer knows (open interest before the last 30 days). */
  readonly outOfReach: readonly TimeRange[];
  /** Objects of the lake that were read to plan it: earlier checks of the archive, and receipts. */
  readonly lakeReads: number;
}

export interface PlannedSeries {
  readonly series: Series;
  /** Open times wanted of this series: the plan's range cut to its listing. */
  readonly range: TimeRange;
  /** True where REST is in reach and knows the symbol. */
  readonly rest: boolean;
  /** Shards (periods) that the range touches. */
  readonly periods: readonly string[];
  readonly wantedCandles: number;
  /** Chunks wanted, and how many of them the lake already has. */
  readonly wantedChunks: number;
  readonly landedChunks: number;
  /** Ranges nobody can be asked for (archive has nothing and REST is out of reach). */
  readonly outOfReach: readonly TimeRange[];
  /** Objects of the lake that were read to plan it: earlier checks of the archive, receipts, facts of the listing. */
  readonly lakeReads: number;
  /**
   * Shards that are there and are made again, their candles, and the landed objects that refine reads again for them.
   */
  readonly remadeShards: number;
  readonly replacedCandles: number;
  readonly inputsAgain: number;
}

export interface PlanTotals {
  readonly series: number;
  readonly shards: number;
  readonly candles: number;
  readonly monthlyFiles: number;
  readonly dailyFiles: number;
  readonly restRequests: number;
  /** HTTP requests in all, checksums included. */
  readonly requests: number;
  readonly restWeight: number;
  readonly downloadBytes: number;
  readonly storedBytes: number;
  /** Estimates, by the figures in lib/lake/cost/estimate.ts. */
  readonly localSeconds: number;
  readonly awsUsd: number;
  /** What of the dollars is for the tables that the run replaces: the bucket keeps their versions for some days. */
  readonly awsReplacedUsd: number;
  /** What the audit of these series takes on AWS each week. It is no part of the run, nor of `awsUsd`. */
  readonly awsAuditUsd: number;
  /** What of the requests, bytes, seconds and dollars above is for the streams; absent where none are wanted. */
  readonly streams?: StreamTotals;
}

export interface StreamTotals {
  readonly streams: number;
  readonly files: number;
  readonly restRequests: number;
  /** Of the budget of weight; funding and open interest are counted apart by the exchange. */
  readonly restWeight: number;
  readonly downloadBytes: number;
  readonly localSeconds: number;
  readonly awsUsd: number;
}

/**
 * What travels through the state machine after `plan`. The maps read their items from the three files, each a JSON
 * array: batches of archive chunks, batches of REST chunks, and series.
 */
export interface PlanResult {
  readonly runId: string;
  readonly planKey: string;
  readonly archiveKey: string;
  readonly restKey: string;
  readonly seriesKey: string;
  /** Items of the three maps of the streams; absent where the request did not ask for them. */
  readonly streamArchiveKey?: string;
  readonly streamRestKey?: string;
  readonly streamsKey?: string;
  /** Items of the fetch maps. The state machine passes by a map that has none. */
  readonly batches: {
    readonly archive: number;
    readonly rest: number;
    readonly streamArchive: number;
    readonly streamRest: number;
  };
  readonly totals: PlanTotals;
}

/**
 * What travels on after the holes were planned. Without chunks there are no files either, and the run goes on to its end;
 * else the maps read batches of chunks and the series to refine again from them.
 */
export interface PlanHolesResult {
  readonly runId: string;
  /** REST windows to ask, and daily files. */
  readonly chunks: number;
  readonly restKey: string;
  readonly seriesKey: string;
}

/** Written to `runs/<id>/holes.json` where there is something to ask about holes, or to say. */
export interface HolesPlan {
  readonly runId: string;
  readonly chunks: readonly Chunk[];
  /** Open times in the holes that the chunks are to answer for. */
  readonly candles: number;
  /** Open times that were left for the next run, so that this one comes to an end. */
  readonly leftCandles: number;
  /** Lines a person should read. */
  readonly notices: readonly string[];
  readonly series: readonly HoledSeries[];
}

/** A series that is refined again once its holes were asked about. */
export interface HoledSeries {
  readonly series: Series;
  /** Shards that this run had made by then; the second time they may be left alone. */
  readonly madePeriods: readonly string[];
}

/** One item of the fetch maps. */
export interface ChunkBatch {
  readonly runId: string;
  readonly batch: string;
  readonly chunks: readonly Chunk[];
}

/** One item of the two fetch maps of the streams. */
export interface StreamBatch {
  readonly runId: string;
  readonly batch: string;
  readonly streamChunks: readonly StreamChunk[];
}

/** One item of the refine map of the streams. */
export interface StreamItem {
  readonly runId: string;
  readonly stream: Stream;
  /** `funding_um_BTCUSDT`: what files about it are named by. */
  readonly file: string;
}

/** One item of the refine maps. */
export interface SeriesItem {
  readonly runId: string;
  readonly series: Series;
  /** True in the second of them. */
  readonly askedHoles?: true;
}
