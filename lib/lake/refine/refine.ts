import type { Interval } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import type { FeatureRow } from '../../features/feature-row.ts';
import type { Clock, CodeHashes, ObjectStore } from '../../ports.ts';
import { refineResultKey } from '../keys.ts';
import { fileOf } from '../ledger/failed-chunk.ts';
import type { FailedFile, ShardReport } from '../manifest/contract.ts';
import { type FinishedClaims, untilUndisturbed } from '../manifest/replace-shard.ts';
import type { RefineInput, RefineItem, RefineResult, RefineStreamResult, SeriesReport } from './contract.ts';
import { keepShard, type RefinedPeriod, refinePeriod } from './refine-period.ts';
import { type SeriesView, viewSeries } from './series-view.ts';
import { type ShardComputer, shardComputer } from './shard-computer.ts';
import { BEFORE_FIRST, DamagedCheckpoint, type ShardEnd } from './shard-end.ts';
import { refineStream } from './streams/refine-stream.ts';

interface RefineContext {
  readonly store: ObjectStore;
  /** The time at which a version is published. No value depends on it. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** sha256 of the code that makes candle shards. Shards of other code are stale. */
  readonly codeHash: string;
  /**
   * The feature table to compute; the whole table if absent. It must contain `volatility_7d`, which the labels read.
   */
  readonly features?: readonly FeatureRow[];
  /** Opens the computer of a series; one in this thread if absent. */
  readonly openComputer?: (interval: Interval) => ShardComputer;
  /** Returns true if the invocation must stop before the next shard and return a cursor. */
  readonly outOfTime: () => boolean;
}

/** Refines one item of a refine map: a series or a stream. Each has the hash of its own code. */
export function refineItem(
  item: RefineItem,
  {
    codeHashes,
    ...context
  }: Omit<RefineContext, 'codeHash'> & { readonly codeHashes: Pick<CodeHashes, 'candles' | 'streams'> },
): Promise<RefineResult | RefineStreamResult> {
  return 'stream' in item
    ? refineStream(item, { ...context, codeHash: codeHashes.streams })
    : refine(item, { ...context, codeHash: codeHashes.candles });
}

/**
 * Brings every shard of a series up to date with what has landed, in the order of time. Each shard continues from the
 * checkpoint of the shard before. A shard is left alone if its inputs, code and predecessor match its manifest.
 */
export async function refine(input: RefineInput, context: RefineContext): Promise<RefineResult> {
  const { runId, series, askedHoles } = input;
  const remake = new Set(input.remake);
  const written = new Set<Period>();
  let pass = await passUndisturbed(input, context, remake, written);
  // Another pass takes in whatever landed meanwhile.
  while (pass.cursor === undefined && pass.recomputed.size > 0 && (await pass.view.isOutdated())) {
    pass = await passUndisturbed(input, context, remake, written);
  }
  const { cursor } = pass;
  const made = new Set([...(input.made ?? []), ...written]);
  const reports = pass.reports.map((report) => ({ ...report, recomputed: made.has(report.period) }));
  const counts = { shards: reports.length, recomputed: written.size };
  if (cursor !== undefined) {
    const next = { ...(remake.size > 0 && { remake: [...remake] }), ...(made.size > 0 && { made: [...made] }) };
    return { runId, series, done: false, cursor, ...next, ...(askedHoles && { askedHoles }), ...counts };
  }
  const failed = failedFilesOf(pass);
  const report: SeriesReport = {
    series,
    shards: reports,
    ...(failed.length > 0 && { failed }),
    ...(askedHoles && { askedHoles }),
  };
  await context.store.put(refineResultKey(runId, series), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, series, done: true, ...counts };
}

/** Returns true if every shard of the series is up to date. Writes nothing. */
export async function isUpToDate(series: Series, context: RefineContext): Promise<boolean> {
  const view = await viewSeries(series, context);
  let end = BEFORE_FIRST;
  for (const period of view.periods) {
    const kept = await keepShard(view, end, period);
    if (!kept) return false;
    end = kept.end;
  }
  return true;
}

interface Pass {
  readonly view: SeriesView;
  readonly results: readonly RefinedPeriod[];
  readonly reports: readonly ShardReport[];
  /** The periods whose shards this pass computed. */
  readonly recomputed: ReadonlySet<Period>;
  /** The period to continue from, if time ran out. */
  readonly cursor: Period | undefined;
}

/**
 * Runs a pass, again if it was disturbed. If a checkpoint is damaged, the next pass recomputes its shard, from the same
 * inputs and so to the same bytes. If another run publishes one of the shards, the next pass sees what that run made.
 */
async function passUndisturbed(
  { runId, series }: RefineInput,
  context: RefineContext,
  remake: Set<Period>,
  written: Set<Period>,
): Promise<Pass> {
  for (;;) {
    try {
      return await untilUndisturbed((finished) => passOver(series, { ...context, runId, finished }, remake, written));
    } catch (error) {
      if (!(error instanceof DamagedCheckpoint) || remake.has(error.period)) throw error;
      remake.add(error.period);
    }
  }
}

/**
 * Goes over the periods of a series once, to the end or until time runs out.
 * @param remake shards to recompute in any case. Those that are done are removed.
 * @param written receives the period of each shard that is stored
 */
async function passOver(
  series: Series,
  context: RefineContext & { readonly runId: string; readonly finished: FinishedClaims },
  remake: Set<Period>,
  written: Set<Period>,
): Promise<Pass> {
  const view = await viewSeries(series, context);
  const results: RefinedPeriod[] = [];
  const recomputed = new Set<Period>();
  const computer = context.openComputer?.(series.interval) ?? shardComputer(series.interval, context.features);
  let end: ShardEnd = BEFORE_FIRST;
  let cursor: Period | undefined;
  try {
    for (const period of view.periods) {
      if (recomputed.size > 0 && context.outOfTime()) {
        cursor = period;
        break;
      }
      const kept = remake.has(period) ? undefined : await keepShard(view, end, period);
      const result = kept ?? (await refinePeriod(view, { ...context, computer }, end, period));
      results.push(result);
      end = result.end;
      if (!result.shard?.recomputed) continue;
      recomputed.add(period);
      result.shard.report.then(
        () => written.add(period),
        () => {},
      );
    }
    await end.published;
    await view.inputs.remember(view.newestVersions);
  } finally {
    await Promise.allSettled([end.computed, end.published]);
    await computer.close();
  }
  const reports = await Promise.all(results.flatMap(({ shard }) => shard?.report ?? []));
  for (const period of recomputed) remake.delete(period);
  return { view, results, reports, recomputed, cursor };
}

/** Returns the archive files that supply no candles: those that were not available, and those that cannot be read. */
function failedFilesOf({ view, results }: Pass): FailedFile[] {
  const unavailable = view.failures.filter(({ source }) => source !== 'rest').map(fileOf);
  return [...unavailable, ...results.flatMap(({ unreadable }) => unreadable)];
}
