import { BadInput } from '../domain/errors.ts';
import { refineResultKey, runKey, runReportKey, TABLES } from '../domain/keys.ts';
import type { HolesPlan, Plan, PlannedSeries } from '../plan/contract.ts';
import type { Catalogue, Clock, ObjectStore } from '../ports.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { addLedgers } from './add-ledgers.ts';
import { holesNotices, withShardsMade } from './asked-holes.ts';
import { candlesInside } from './candles-inside.ts';
import { caughtFailures } from './caught-failures.ts';
import type { CatalogueInput, CatalogueResult, ReportedSeries, RunReport } from './contract.ts';
import { findFailures } from './find-failures.ts';
import { inParallel } from './in-parallel.ts';
import { outOfReachCandles, wantedInVain } from './out-of-reach.ts';
import { closeStreams } from './streams.ts';
import { summarize } from './summary.ts';

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
  const caught = await caughtFailures(store, runId);
  const candles = await findFailures(store, plan, reports, holes, caught);
  const { missingChunks } = candles;
  const streams = plan.streams && (await closeStreams({ ...plan, streams: plan.streams }, caught, world));
  const failures = [...candles.failures, ...(streams?.failures ?? [])];
  const healed = [...candles.healed, ...(streams?.healed ?? [])];
  const partitionsAdded = (await addPartitions(world.catalogue, reports)) + (streams?.partitionsAdded ?? 0);
  const series = await inParallel(plan.series, (planned, index) => reportSeries(store, planned, reports[index]));

  const outOfReach = outOfReachCandles(plan);
  const complete = failures.length === 0 && outOfReach === 0;
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
      outOfReachCandles: outOfReach,
    }),
    ...(plan.market === 'sim' && { simulated: true }),
    asOfMs: plan.asOfMs,
    finishedAtMs: world.clock.nowMs(),
    fromMs: plan.range.fromMs,
    toMs: plan.range.toMs,
    totals: plan.totals,
    notices: [...plan.notices, ...holesNotices(holes)],
    outOfReachCandles: outOfReach,
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
  const ledger = addLedgers(shards);
  return {
    series,
    wantedCandles,
    candles,
    ledger: { ...ledger, unasked: ledger.unasked - (await wantedInVain(store, planned, report)) },
    shards: shards.map(({ holes, ...shard }) => shard),
  };
}

async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const bytes = await store.get(key);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as T) : undefined;
}
