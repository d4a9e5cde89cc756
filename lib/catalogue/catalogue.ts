import { type Chunk, chunkName } from '../domain/chunk.ts';
import { BadInput } from '../domain/errors.ts';
import { type ChunkId, refineResultKey, runKey, runReportKey, TABLES } from '../domain/keys.ts';
import { type Series, seriesName } from '../domain/series.ts';
import type { HolesPlan, Plan, PlannedSeries } from '../plan/contract.ts';
import type { Catalogue, Clock, ObjectStore } from '../ports.ts';
import type { FailedFile, SeriesReport } from '../refine/contract.ts';
import { addLedgers } from './add-ledgers.ts';
import { holesNotices, isBehind, withShardsMade } from './asked-holes.ts';
import { candlesInside } from './candles-inside.ts';
import type { CatalogueInput, CatalogueResult, Failure, ReportedSeries, RunReport } from './contract.ts';
import { inParallel } from './in-parallel.ts';
import { landed } from './landed.ts';
import { madeGood } from './made-good.ts';
import { type RecordedFailure, recordedFailures } from './recorded-failures.ts';
import { closeStreams } from './streams.ts';
import { summarize } from './summary.ts';
import { unreadableFiles } from './unreadable-files.ts';

export interface CatalogueWorld {
  readonly store: ObjectStore;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Told of the report once it is written. */
  readonly onReport?: (report: RunReport) => void;
}

/**
 * Closes a run: holds what the plan wanted against what the lake has, adds the partitions of every shard of the run's
 * series to the catalogue, and writes the run report. May be repeated; a failure made good since no longer counts.
 * @throws BadInput where the run has no plan.
 */
export async function catalogue({ runId }: CatalogueInput, world: CatalogueWorld): Promise<CatalogueResult> {
  const { store } = world;
  const plan = await readJson<Plan>(store, runKey(runId, 'plan.json'));
  if (!plan) throw new BadInput(`run must have a plan at ${runKey(runId, 'plan.json')}, got run '${runId}'`);

  const last = await inParallel(plan.series, ({ series }) =>
    readJson<SeriesReport>(store, refineResultKey(runId, series)),
  );
  const holes = await readJson<HolesPlan>(store, runKey(runId, 'holes.json'));
  const reports = last.map((report) => report && withShardsMade(report, holes));
  const recorded = await recordedFailures(store, runId);
  const candles = await findFailures(store, plan, reports, holes, recorded);
  const { missingChunks } = candles;
  const streams = plan.streams && (await closeStreams({ ...plan, streams: plan.streams }, recorded, world));
  const failures = [...candles.failures, ...(streams?.failures ?? [])];
  const healed = [...candles.healed, ...(streams?.healed ?? [])];
  const partitionsAdded = (await addPartitions(world.catalogue, reports)) + (streams?.partitionsAdded ?? 0);
  const series = await inParallel(plan.series, (planned, index) => reportSeries(store, planned, reports[index]));

  const complete = failures.length === 0;
  const plannedChunks = plan.chunks.length + (holes?.chunks.length ?? 0);
  const { chunks: streamChunks = [], streams: plannedStreams = [] } = plan.streams ?? {};
  const report: RunReport = {
    runId,
    complete,
    summary: summarize({
      plannedChunks: plannedChunks + streamChunks.length,
      plannedSeries: plan.series.length + plannedStreams.length,
      failures,
      healed,
      series,
    }),
    asOfMs: plan.asOfMs,
    finishedAtMs: world.clock.nowMs(),
    fromMs: plan.range.fromMs,
    toMs: plan.range.toMs,
    totals: plan.totals,
    notices: [...plan.notices, ...holesNotices(holes)],
    fetchedChunks: plannedChunks - missingChunks,
    failures,
    healed,
    recomputedShards: reports.flatMap((one) => one?.shards ?? []).filter((shard) => shard.recomputed).length,
    partitionsAdded,
    series,
    ...(streams && { streams: streams.reported }),
  };
  const reportKey = runKey(runId, 'report.json');
  // One line, because SQL engines read it as JSON lines.
  const bytes = new TextEncoder().encode(`${JSON.stringify(report)}\n`);
  await store.put(runReportKey(runId, plan.asOfMs), bytes);
  await store.put(reportKey, bytes);
  world.onReport?.(report);
  return { runId, complete, reportKey, summary: report.summary };
}

/**
 * Every planned chunk that has not landed, every planned series without a report and every file that cannot be read, with
 * the error where one is known; and those of them whose candles other sources brought. A file that the exchange publishes
 * broken is no failure of the run then: the next one finds it no better.
 */
async function findFailures(
  store: ObjectStore,
  plan: Plan,
  reports: readonly (SeriesReport | undefined)[],
  holes: HolesPlan | undefined,
  recorded: readonly RecordedFailure[],
): Promise<{ failures: Failure[]; healed: Failure[]; missingChunks: number }> {
  const lake = landed(store);
  const ofChunk = new Map(
    recorded.flatMap((one) => (one.chunks ?? []).map((chunk) => [chunkName(chunk), one] as const)),
  );
  const ofSeries = new Map(recorded.flatMap((one) => (one.series ? [[seriesName(one.series), one] as const] : [])));

  const chunkLanded = await inParallel(plan.chunks, (chunk) => lake.has(chunk));
  const asked = holes?.chunks ?? [];
  const chunkAsked = await inParallel(asked, (chunk) =>
    chunk.source === 'rest' ? lake.hasAsked(chunk) : lake.has(chunk),
  );
  const missingChunks = [
    ...plan.chunks.filter((_, index) => !chunkLanded[index]),
    ...asked.filter((_, index) => !chunkAsked[index]),
  ];
  const answered = asked.filter((_, index) => chunkAsked[index]);
  const places = new Map(plan.series.map(({ series }, index) => [seriesName(series), index]));
  const good = await inParallel(missingChunks, (chunk) => {
    const place = places.get(seriesName(chunk.series))!;
    return madeGood(store, plan.series[place]!, reports[place], chunk);
  });
  const missingSeries = plan.series.filter((_, index) => {
    const report = reports[index];
    return !report || isBehind(report, answered);
  });
  const unreadable = await findUnreadable(store, plan, reports);
  const failures = [
    ...unreadable.filter(({ good }) => !good).map(({ failure }) => failure),
    ...missingChunks.map((chunk) => {
      const known = reports[places.get(seriesName(chunk.series))!]?.failed;
      return failedChunk(chunk, whyMissing(chunk, ofChunk.get(chunkName(chunk)), known));
    }),
    ...missingSeries.map(({ series }) => failedSeries(series, ofSeries.get(seriesName(series)))),
    // A failure about nobody knows what cannot be seen to have been made good.
    ...recorded.filter((one) => !one.chunks && !one.series && !one.streamChunks && !one.stream).map(failedSomewhere),
  ];
  const healed = [
    ...missingChunks.flatMap((chunk, index) => (good[index] ? failedChunk(chunk, good[index]) : [])),
    ...unreadable.filter(({ good }) => good).map(({ failure }) => failure),
  ];
  return { failures, healed, missingChunks: missingChunks.length };
}

/** Archive files that the run wants something of, that landed in this run or an earlier one and that cannot be read. */
async function findUnreadable(store: ObjectStore, plan: Plan, reports: readonly (SeriesReport | undefined)[]) {
  const found = plan.series.flatMap((planned, index) => {
    const { series, range } = planned;
    const files = unreadableFiles(range, reports[index]?.failed);
    return files.map((file) => ({ planned, report: reports[index], file: { series, ...file } }));
  });
  return inParallel(found, async ({ planned, report, file }) => {
    const good = (await madeGood(store, planned, report, file)) !== undefined;
    return { failure: failedChunk(file, file), good };
  });
}

/** A batch ends with what befell one of its chunks; of another that the exchange did not give the lake knows more. */
function whyMissing(
  chunk: Chunk,
  batch: RecordedFailure | undefined,
  known: readonly FailedFile[] = [],
): Pick<Failure, 'error' | 'message'> | undefined {
  const own = known.find(({ source, range }) => source === chunk.source && range.fromMs === chunk.range.fromMs);
  const told = batch?.message.startsWith(`${chunkName(chunk)}: `) && batch.error !== own?.error;
  return told ? batch : (own ?? batch);
}

function failedChunk(chunk: ChunkId, recorded: Pick<Failure, 'error' | 'message'> | undefined): Failure {
  const { error, message } = recorded ?? { error: 'NotFetched', message: 'no error was recorded' };
  return { stage: 'fetch', name: chunkName(chunk), error, message };
}

function failedSeries(series: Series, recorded: RecordedFailure | undefined): Failure {
  const { error, message } = recorded ?? { error: 'NotRefined', message: 'no error was recorded' };
  return { stage: 'refine', name: seriesName(series), error, message };
}

function failedSomewhere({ key, stage, error, message }: RecordedFailure): Failure {
  return { stage, name: key, error, message };
}

async function addPartitions(target: Catalogue, reports: readonly (SeriesReport | undefined)[]): Promise<number> {
  const partitions = reports.flatMap((report) =>
    (report?.shards ?? []).map(({ period }) => ({ ...report!.series, period })),
  );
  let added = 0;
  for (const table of TABLES) added += await target.addPartitions(table, partitions);
  return added;
}

async function reportSeries(
  store: ObjectStore,
  planned: PlannedSeries,
  report: SeriesReport | undefined,
): Promise<ReportedSeries> {
  const { series, range, wantedCandles } = planned;
  const shards = report?.shards ?? [];
  let candles = 0;
  for (const shard of shards) candles += await candlesInside(store, series, range, shard);
  return {
    series,
    wantedCandles,
    candles,
    ledger: addLedgers(shards),
    shards: shards.map(({ holes, ...shard }) => shard),
  };
}

async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : undefined;
}
