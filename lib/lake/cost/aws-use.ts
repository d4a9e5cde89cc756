import { sumOf } from '../../domain/sum-of.ts';
import { LAMBDA_MIB } from './deployment.ts';
import type { AwsUse } from './prices.ts';

/** The use of one thing of a run: calls, and seconds of the Lambda of each stage. */
type Use = Partial<Record<Exclude<keyof AwsUse, 'gbSeconds'> | keyof typeof LAMBDA_MIB, number>>;

/** A cold start, spread over those invocations that find a warm function. */
const START_SEC = 0.2;

/**
 * The table of use: each kind of thing that a run does, and what one of it uses. `puts` are PUT and LIST requests,
 * which cost the same. test/scale/estimate.test.ts counts them in whole runs without retries. A GET of a missing key
 * takes a LIST too, because the roles may not list the whole bucket: S3 then answers 403, and the adapter lists the
 * key.
 *
 * Seconds are estimates of 2026-11. Candles per second were measured (`npm run bench -- cost`, 41,000 for a second of
 * an x86 core) and reduced by a quarter for an arm64 core. Waits for networks are assumed.
 */
const USE = {
  // States: start, Plan, ArchiveWanted, Refine, PlanHoles, HolesFound, StreamsWanted, Catalogue, RunComplete,
  // RunSucceeded. Plan, PlanHoles and Catalogue are invoked. Puts: the plan and its three items, the results of Refine,
  // the report twice and its copy, the list of failures, and the key of the holes, which is missing. Gets: the
  // items of Refine, the plan twice, and the plan of the holes. Holes are not known before a run, so they are not here.
  run: { invocations: 3, transitions: 10, puts: 11, gets: 4, plan: 2 * START_SEC, catalogue: START_SEC },
  /** The machine that names a scheduled run and starts it. */
  schedule: { transitions: 3 },
  /** FetchArchive and the choice after it; its items, its results and their list. */
  archiveMap: { transitions: 2, puts: 2, gets: 1 },
  restMap: { transitions: 1, puts: 2, gets: 1 },
  /** A child with its start. The landed objects of its series and of their open page are listed. */
  batch: { invocations: 1, transitions: 2, puts: 2, fetch: START_SEC },
  /** Bytes and receipt. Four files at once, 0.8 s for file and checksum. */
  file: { puts: 2, gets: 2, fetch: 0.2 },
  restRequest: { puts: 2, gets: 2, fetch: 0.35 },
  // Lists: plan 3, fetch 1, refine 13, catalogue 2; refine's report and memory, a fact, the checks of the archive, and
  // the key of the memory or of the checks the first time. Gets: refine's report twice, the facts of the symbol, and
  // refine's memory. Refine reads receipts, manifests and checkpoint: a dozen requests, most of them at once.
  series: { invocations: 1, transitions: 4, puts: 24, gets: 4, plan: 0.05, refine: START_SEC + 0.5, catalogue: 0.03 },
  /** An object of the lake that planning reads, many at once. */
  lakeRead: { gets: 1, plan: 0.001 },
  /** The manifest of a shard that the lake may have. */
  shard: { gets: 1 },
  // candles, features, labels, gaps, checkpoint, list of files, version, manifest; the list of its versions; and the
  // key of its manifest, which is missing and therefore listed.
  refinedShard: { puts: 10, refine: 0.25 },
  /**
   * A refined shard that exists already: the version before and its list of files, and the checkpoint and open page
   * before.
   */
  remadeShard: { puts: -1, gets: 6 },
  /** A landed object that is read again: bytes and receipt, sixteen at once. */
  inputAgain: { gets: 2, refine: 0.005 },
  refinedCandle: { refine: 1 / 30_000 },

  /** The state RefineStreams; the items of the three maps and the results; the items read. */
  streamRun: { transitions: 1, puts: 5, gets: 1 },
  streamBatch: { invocations: 1, transitions: 2, fetch: START_SEC },
  // Lists, closed and open pages apart: plan 2, fetch 3, refine 7, catalogue 2; the report and memory of refine. Gets:
  // the report, the memory in each pass, objects that open pages add, and the manifests of a year of months.
  stream: { invocations: 1, transitions: 2, puts: 16, gets: 17, plan: 0.05, refine: START_SEC, catalogue: 0.03 },
  /** Table and manifest, and a claim if the shard is replaced; its manifest read. */
  streamShard: { puts: 3, gets: 2, refine: 0.25 },
  /** Rows of a shard are few, so reading the landed objects takes most of the time. */
  streamInput: { refine: 0.06 },
  streamInputAgain: { gets: 2, refine: 0.06 },

  audit: { invocations: 2, transitions: 6 },
  /** A series or stream: start, task and end of a child; a dozen lists and a report. */
  auditedPart: { invocations: 1, transitions: 3, puts: 13, audit: 0.7 },
  /** Eight at once. */
  auditedObject: { gets: 1, audit: 0.01 },
  /** A file whose checksum is requested from the archive, four at once. */
  auditedFile: { audit: 0.05 },
} as const satisfies Record<string, Use>;

/** Counts of the things that a run does. */
export type AwsWork = Readonly<Partial<Record<keyof typeof USE, number>>>;

/** Returns the seconds of a stage that one thing of a kind takes. */
export function secondsOf(kind: keyof typeof USE, stage: keyof typeof LAMBDA_MIB): number {
  return (USE[kind] as Use)[stage] ?? 0;
}

/** Returns what the work uses on AWS. */
export function useOf(work: AwsWork): AwsUse {
  const sum = (of: keyof Use): number =>
    sumOf(Object.entries(work), ([kind, count]) => count * ((USE[kind as keyof AwsWork] as Use)[of] ?? 0));
  const stages = Object.entries(LAMBDA_MIB) as [keyof typeof LAMBDA_MIB, number][];
  return {
    gbSeconds: sumOf(stages, ([stage, mib]) => (sum(stage) * mib) / 1024),
    invocations: sum('invocations'),
    transitions: sum('transitions'),
    puts: sum('puts'),
    gets: sum('gets'),
  };
}
