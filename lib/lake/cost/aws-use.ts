import { BATCH_CHUNKS } from '../plan/batches.ts';
import type { AwsUse } from './prices.ts';

/** Memory of each Lambda, MiB. The stack deploys it and estimates count with it. */
export const LAMBDA_MIB = { plan: 1024, fetch: 1024, refine: 3008, catalogue: 1024 } as const;

/**
 * Days that the bucket keeps a replaced version of a table, enough to undo a mistake. A deployment may set another
 * number: `retentionDays.replacedTables`.
 */
export const REPLACED_TABLE_DAYS = 2;

/**
 * Seconds that the functions are billed for. Candles a second were measured (`npm run bench -- cost`, 41,000
 * for a second of an x86 core's time) and cut by a quarter for an arm64 core; the waits for networks are assumed. 2026-11.
 */
export const SECONDS = {
  /** Start of a cold function, spread over those that find a warm one. */
  perInvocation: 0.2,
  /** A batch takes four files at once: 0.8 s for file and checksum, and the two puts. */
  perFile: 0.2,
  perRestRequest: 0.35,
  perSeriesPlanned: 0.05,
  /** Many at once. */
  perLakeRead: 0.001,
  /** Bytes and receipt; sixteen objects at once, some tens of milliseconds each. */
  perLandedRead: 0.005,
  perSeriesCatalogued: 0.03,
  /** Receipts, manifests and checkpoint: a dozen requests, most of them at once. */
  perSeriesRefined: 0.5,
  perShard: 0.25,
  candlesPerSec: 30_000,
} as const;

/** Parts of a run that cost something. */
export interface AwsWork {
  readonly series: number;
  readonly monthlyFiles: number;
  readonly dailyFiles: number;
  readonly restChunks: number;
  readonly restRequests: number;
  /** Shards that are rebuilt, and the candles in them. */
  readonly refinedShards: number;
  readonly refinedCandles: number;
  /** Shards that the lake may have of these series besides: their manifests are read. */
  readonly shards: number;
  /** Objects that planning reads of the lake. */
  readonly lakeReads: number;
  /** The rebuilt shards that exist already, and the landed objects that are read again for them. */
  readonly remadeShards: number;
  /** Candles of these shards as they are before the run. */
  readonly replacedCandles: number;
  readonly inputsAgain: number;
}

/**
 * States entered by every run: the start, Plan, ArchiveWanted, Refine, PlanHoles, HolesFound, StreamsWanted, Catalogue,
 * RunComplete, RunSucceeded. Holes are not known before a run: what it takes to ask about them is not estimated.
 */
const RUN_TRANSITIONS = 10;
/** States entered besides if there are batches: FetchArchive and the choice after it; FetchRest. */
const ARCHIVE_TRANSITIONS = 2;
const REST_TRANSITIONS = 1;
/** States entered in a child, and its start. */
export const FETCH_TRANSITIONS = 2;
export const REFINE_TRANSITIONS = 4;

/** Invocations of fetch that so many chunks take, by map. */
export function fetchBatches(work: Pick<AwsWork, 'monthlyFiles' | 'dailyFiles' | 'restChunks'>): FetchBatches {
  const archive =
    Math.ceil(work.monthlyFiles / BATCH_CHUNKS.archive_monthly) +
    Math.ceil(work.dailyFiles / BATCH_CHUNKS.archive_daily);
  return { archive, rest: Math.ceil(work.restChunks / BATCH_CHUNKS.rest) };
}

/** Items of the two fetch maps, of candles or of streams. */
export interface FetchBatches {
  readonly archive: number;
  readonly rest: number;
}

/** What the two fetch maps take besides their children. The state machine passes by a map without items. */
export function fetchMapUse({ archive, rest }: FetchBatches): Pick<AwsUse, 'transitions' | 'puts' | 'gets'> {
  const maps = Number(archive > 0) + Number(rest > 0);
  return {
    transitions: (archive > 0 ? ARCHIVE_TRANSITIONS : 0) + (rest > 0 ? REST_TRANSITIONS : 0),
    puts: maps * S3_PUTS.perMap,
    gets: maps * S3_GETS.perMap,
  };
}

/** What the work uses on AWS. Counts are those of a run without retries; seconds are estimates. */
export function awsUse(work: AwsWork): AwsUse {
  const fetching = fetchBatches(work);
  const batches = fetching.archive + fetching.rest;
  const maps = fetchMapUse(fetching);
  const files = work.monthlyFiles + work.dailyFiles;
  const landed = files + work.restRequests;
  // Plan, PlanHoles and Catalogue.
  const invocations = 3 + batches + work.series;
  const seconds = {
    plan: 2 * SECONDS.perInvocation + work.series * SECONDS.perSeriesPlanned + work.lakeReads * SECONDS.perLakeRead,
    fetch: batches * SECONDS.perInvocation + files * SECONDS.perFile + work.restRequests * SECONDS.perRestRequest,
    refine:
      work.series * (SECONDS.perInvocation + SECONDS.perSeriesRefined) +
      work.refinedShards * SECONDS.perShard +
      work.inputsAgain * SECONDS.perLandedRead +
      work.refinedCandles / SECONDS.candlesPerSec,
    catalogue: SECONDS.perInvocation + work.series * SECONDS.perSeriesCatalogued,
  };
  const stages = ['plan', 'fetch', 'refine', 'catalogue'] as const;
  return {
    gbSeconds: stages.reduce((sum, stage) => sum + (seconds[stage] * LAMBDA_MIB[stage]) / 1024, 0),
    invocations,
    transitions: RUN_TRANSITIONS + maps.transitions + batches * FETCH_TRANSITIONS + work.series * REFINE_TRANSITIONS,
    puts:
      S3_PUTS.fixed +
      maps.puts +
      landed * S3_PUTS.perLanded +
      batches * S3_PUTS.perBatch +
      work.refinedShards * S3_PUTS.perShard +
      (work.refinedShards - work.remadeShards) * S3_PUTS.perNewShard +
      work.series * S3_PUTS.perSeries,
    gets:
      S3_GETS.fixed +
      maps.gets +
      landed * S3_GETS.perLanded +
      work.shards * S3_GETS.perShard +
      work.remadeShards * S3_GETS.perRemadeShard +
      work.inputsAgain * S3_GETS.perInputAgain +
      work.series * S3_GETS.perSeries +
      work.lakeReads,
  };
}

/**
 * PUT and LIST requests; test/scale/estimate.test.ts counts them in whole runs. A GET of a missing key takes a LIST
 * too, because the roles may not list the whole bucket: S3 then answers 403, and the adapter lists the key.
 */
const S3_PUTS = {
  /**
   * Plan and its three items, the results of Refine, the report twice and its copy, the listing of failures; and the
   * key of the holes is listed, because there are none.
   */
  fixed: 11,
  /** The results of a map, and their list. */
  perMap: 2,
  /** Bytes and receipt. */
  perLanded: 2,
  /** What has landed of a series, and of its open page, listed for each of its batches. */
  perBatch: 2,
  /** candles, features, labels, gaps, checkpoint, list of files, version, manifest; and the versions it had, listed. */
  perShard: 9,
  /** The key of its manifest, which is missing and therefore listed. */
  perNewShard: 1,
  /**
   * Listings: plan 3, fetch 1, refine 13, catalogue 2; refine's report and memory, a fact, the checks of the archive;
   * and the key of the memory or of the checks is listed the first time.
   */
  perSeries: 24,
} as const;

const S3_GETS = {
  /** Items of Refine, the plan twice, and the plan of the holes. */
  fixed: 4,
  /** Items of a map. */
  perMap: 1,
  /** Bytes and receipt. */
  perLanded: 2,
  /** Its manifest. */
  perShard: 1,
  /** The version before it and the list of its files, the checkpoint before it, and at most the open page before. */
  perRemadeShard: 6,
  perInputAgain: 2,
  /** Refine's report, for the holes and at the end, what was said of the symbol, and what refine remembers. */
  perSeries: 4,
} as const;
