import * as z from 'zod';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { RUN_ID } from '../event-schemas.ts';

/**
 * The request of a user; also the input of the state machine, as JSON. Fields that are left out have defaults. Their
 * words are checked by `parseRequest`.
 */
export const PLAN_REQUEST = z.strictObject({
  market: z.string().optional(),
  /** Symbols, or `["all"]` for the whole market. */
  symbols: z.array(z.string()).readonly().optional(),
  interval: z.string().optional(),
  /** A span back from now, such as `30d 6m 1y 30dias 6meses 1ano`. Not together with `from`. */
  period: z.string().optional(),
  /** First open time wanted, ISO 8601. */
  from: z.string().optional(),
  /** Open times before this instant are wanted, ISO 8601. Default: now. */
  to: z.string().optional(),
  /** True to collect the streams too: instruments, funding, open interest, mark candles. */
  streams: z.boolean().optional(),
  /** True to want only what the archive has by now, and to ask REST nothing. The run is complete with that. */
  archiveOnly: z.boolean().optional(),
});
export type PlanRequest = Readonly<z.infer<typeof PLAN_REQUEST>>;

/** Event of the plan stage. The stage itself checks the request, because its messages name what is allowed. */
export const PLAN_INPUT = z.strictObject({ runId: RUN_ID, request: z.custom<PlanRequest>() });
export type PlanInput = Readonly<z.infer<typeof PLAN_INPUT>>;

/** Event of the plan stage after a run has refined: plans requests for candles that archive files did not supply. */
export const PLAN_HOLES_INPUT = z.strictObject({ runId: RUN_ID, holes: z.literal(true) });
export type PlanHolesInput = Readonly<z.infer<typeof PLAN_HOLES_INPUT>>;

/** Everything that a run will do, as plain data. Written to `runs/<id>/plan.json`. */
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
  /** Chunks to fetch, archive files first. Landed chunks are left out. */
  readonly chunks: readonly Chunk[];
  /** The streams, if the request wants them. */
  readonly streams?: StreamPlan;
  readonly totals: PlanTotals;
}

export interface StreamPlan {
  readonly streams: readonly PlannedStream[];
  /** Landed chunks are left out. */
  readonly chunks: readonly StreamChunk[];
}

export interface PlannedStream {
  readonly stream: Stream;
  /** Instants wanted. */
  readonly range: TimeRange;
  readonly wantedChunks: number;
  readonly landedChunks: number;
  /** Ranges without a source: no file, and REST no longer has them (open interest before the last 30 days). */
  readonly outOfReach: readonly TimeRange[];
  /** Objects of the lake that planning read: earlier checks of the archive, and receipts. */
  readonly lakeReads: number;
}

export interface PlannedSeries {
  readonly series: Series;
  /** Open times wanted of this series: the plan's range cut to its listing. */
  readonly range: TimeRange;
  /** True if REST answers and lists the symbol. */
  readonly rest: boolean;
  /** Shards (periods) that the range touches. */
  readonly periods: readonly string[];
  readonly wantedCandles: number;
  /** Chunks wanted, and how many of them the lake already has. */
  readonly wantedChunks: number;
  readonly landedChunks: number;
  /** Ranges without a source: no file, and REST does not answer or does not list the symbol. */
  readonly outOfReach: readonly TimeRange[];
  /** Objects of the lake that planning read: earlier checks of the archive, receipts, facts of the listing. */
  readonly lakeReads: number;
  /**
   * Existing shards that are rebuilt, their candles, and the landed objects that refine reads again for them.
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
  /** Estimates, by the figures in plan-totals.ts and lib/lake/cost. */
  readonly localSeconds: number;
  readonly awsUsd: number;
  /** The part of the dollars for replaced tables: the bucket keeps their versions for some days. */
  readonly awsReplacedUsd: number;
  /** Dollars for the weekly audit of these series on AWS. They are not part of `awsUsd`. */
  readonly awsAuditUsd: number;
  /** The part of the numbers above for the streams. Absent if none are wanted. */
  readonly streams?: StreamTotals;
}

export interface StreamTotals {
  readonly streams: number;
  readonly files: number;
  readonly restRequests: number;
  /** Weight. The exchange counts funding and open interest separately. */
  readonly restWeight: number;
  readonly downloadBytes: number;
  readonly localSeconds: number;
  readonly awsUsd: number;
}

/**
 * The state of the state machine after `plan`. The maps read their items from the three files, each a JSON array:
 * batches of archive chunks, batches of REST chunks, and series.
 */
export interface PlanResult {
  readonly runId: string;
  readonly planKey: string;
  readonly archiveKey: string;
  readonly restKey: string;
  readonly seriesKey: string;
  /** Items of the three maps of the streams. Absent if the request does not want streams. */
  readonly streamArchiveKey?: string;
  readonly streamRestKey?: string;
  readonly streamsKey?: string;
  /** Number of items of the fetch maps. The state machine skips a map without items. */
  readonly batches: {
    readonly archive: number;
    readonly rest: number;
    readonly streamArchive: number;
    readonly streamRest: number;
  };
  readonly totals: PlanTotals;
}

/**
 * The state after the holes were planned. Without chunks there are no files, and the run continues to its end.
 * Otherwise the maps read batches of chunks, and the series to refine again, from the files.
 */
export interface PlanHolesResult {
  readonly runId: string;
  /** REST windows and daily files. */
  readonly chunks: number;
  readonly restKey: string;
  readonly seriesKey: string;
}

/** Written to `runs/<id>/holes.json` if there is a request or a notice. */
export interface HolesPlan {
  readonly runId: string;
  readonly chunks: readonly Chunk[];
  /** Open times in the holes that the chunks cover. */
  readonly candles: number;
  /** Open times that are left to the next run, so that this one ends. */
  readonly leftCandles: number;
  /** Lines a person should read. */
  readonly notices: readonly string[];
  readonly series: readonly HoledSeries[];
}

/** A series that is refined again after the requests for its holes. */
export interface HoledSeries {
  readonly series: Series;
  /** Shards that this run has built before. The second refine may leave them unchanged. */
  readonly madePeriods: readonly string[];
}

/** One item of the refine map of the streams. */
export interface StreamItem {
  readonly runId: string;
  readonly stream: Stream;
  /** `funding_um_BTCUSDT`: its name in file names. */
  readonly file: string;
}

/** One item of the refine maps. */
export interface SeriesItem {
  readonly runId: string;
  readonly series: Series;
  /** True in the second map, after the holes were requested. */
  readonly askedHoles?: true;
}
