import { BadInput } from '../../domain/errors.ts';
import { TABLES } from '../../domain/tables.ts';
import type { Catalogue, Clock, ObjectStore, Partition } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { encodeJson, readJson } from '../json.ts';
import { refineResultKey, runKey, runReportKey } from '../keys.ts';
import type { HolesPlan, Plan, PlannedSeries } from '../plan/contract.ts';
import type { SeriesReport } from '../refine/contract.ts';
import { addLedgers } from './add-ledgers.ts';
import { holesNotices, withShardsMade } from './asked-holes.ts';
import { caughtFailures } from './caught-failures.ts';
import type {
  CatalogueInput,
  CatalogueResult,
  Failure,
  ReportedSeries,
  ReportedStreams,
  RunReport,
} from './contract.ts';
import { countCandles } from './count-in-range.ts';
import { findFailures } from './find-failures.ts';
import { outOfReachCandles, wantedInVain } from './out-of-reach.ts';
import {
  NOT_YET_REGISTERED,
  type Registered,
  registerPartitions,
  type TablePartitions,
} from './register-partitions.ts';
import { closeStreams } from './streams.ts';
import { summarize } from './summary.ts';

interface CatalogueWorld {
  readonly store: ObjectStore;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Receives the report after it is written. */
  readonly onReport?: (report: RunReport) => void;
}

/**
 * Closes a run: compares the plan with the lake, writes the run report, adds the partitions of every shard of the run's
 * series to the catalogue, and writes the report again with the outcome. So a run has a report even if the catalogue
 * does not answer. May be repeated: a failure that healed since then does not count.
 * @throws BadInput if the run has no plan
 */
export async function catalogue({ runId }: CatalogueInput, world: CatalogueWorld): Promise<CatalogueResult> {
  const { store, clock } = world;
  const plan = await readJson<Plan>(store, runKey(runId, 'plan.json'));
  if (!plan) throw new BadInput(`run must have a plan at ${runKey(runId, 'plan.json')}, got run '${runId}'`);

  const { partitions, ...findings } = await compareWithLake(runId, plan, store);
  const reportKey = runKey(runId, 'report.json');
  const early = reportOf(plan, findings, { added: 0, failures: [NOT_YET_REGISTERED] }, clock);
  await store.put(reportKey, encodeJson(early));
  const report = reportOf(plan, findings, await registerPartitions(world.catalogue, partitions), clock);
  await store.put(runReportKey(runId, plan.asOfMs), encodeJson(report));
  await store.put(reportKey, encodeJson(report));
  world.onReport?.(report);
  return { runId, complete: report.complete, reportKey, summary: report.summary };
}

/** The differences between a run's plan and the lake. */
interface Findings {
  readonly holes: HolesPlan | undefined;
  readonly missingChunks: number;
  readonly failures: readonly Failure[];
  readonly healed: readonly Failure[];
  readonly recomputedShards: number;
  readonly series: readonly ReportedSeries[];
  readonly streams: ReportedStreams | undefined;
}

async function compareWithLake(
  runId: string,
  plan: Plan,
  store: ObjectStore,
): Promise<Findings & { readonly partitions: readonly TablePartitions[] }> {
  const last = await inParallel(plan.series, ({ series }) =>
    readJson<SeriesReport>(store, refineResultKey(runId, series)),
  );
  const holes = await readJson<HolesPlan>(store, runKey(runId, 'holes.json'));
  const reports = last.map((report) => report && withShardsMade(report, holes));
  const caught = await caughtFailures(store, runId);
  const candles = await findFailures(store, plan, reports, holes, caught);
  const streams = plan.streams && (await closeStreams({ ...plan, streams: plan.streams }, caught, { store }));
  return {
    holes,
    missingChunks: candles.missingChunks,
    failures: [...candles.failures, ...(streams?.failures ?? [])],
    healed: [...candles.healed, ...(streams?.healed ?? [])],
    recomputedShards: reports.flatMap((one) => one?.shards ?? []).filter((shard) => shard.recomputed).length,
    series: await inParallel(plan.series, (planned, index) => reportSeries(store, plan, planned, reports[index])),
    streams: streams?.reported,
    partitions: [
      ...TABLES.map((table) => ({ table, partitions: partitionsOf(reports) })),
      ...(streams?.partitions ?? []),
    ],
  };
}

function reportOf(plan: Plan, findings: Findings, registered: Registered, clock: Clock): RunReport {
  const { holes, healed, series, streams } = findings;
  const failures = [...findings.failures, ...registered.failures];
  const outOfReach = outOfReachCandles(plan);
  const plannedChunks = plan.chunks.length + (holes?.chunks.length ?? 0);
  const { chunks: streamChunks = [], streams: plannedStreams = [] } = plan.streams ?? {};
  return {
    runId: plan.runId,
    complete: failures.length === 0 && outOfReach === 0,
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
    finishedAtMs: clock.nowMs(),
    fromMs: plan.range.fromMs,
    toMs: plan.range.toMs,
    totals: plan.totals,
    notices: [...plan.notices, ...holesNotices(holes)],
    outOfReachCandles: outOfReach,
    fetchedChunks: plannedChunks - findings.missingChunks,
    failures,
    healed,
    recomputedShards: findings.recomputedShards,
    partitionsAdded: registered.added,
    series,
    ...(streams && { streams }),
  };
}

function partitionsOf(reports: readonly (SeriesReport | undefined)[]): Partition[] {
  return reports.flatMap((report) => (report?.shards ?? []).map(({ period }) => ({ ...report!.series, period })));
}

async function reportSeries(
  store: ObjectStore,
  plan: Plan,
  planned: PlannedSeries,
  report: SeriesReport | undefined,
): Promise<ReportedSeries> {
  const { series, range, wantedCandles } = planned;
  const shards = report?.shards ?? [];
  let candles = 0;
  for (const shard of shards) candles += await countCandles(store, series, range, shard);
  const ledger = addLedgers(shards);
  return {
    series,
    wantedCandles,
    candles,
    ledger: { ...ledger, unasked: ledger.unasked - (await wantedInVain(store, planned, report)) },
    shards: shards.map(({ holes, ...shard }) => shard),
    ...(range.toMs < plan.range.toMs && { ended: true }),
  };
}
