import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { refineResultKey } from '../keys.ts';
import type { FailedFile, ShardReport } from '../manifest/contract.ts';
import { untilUndisturbed } from '../manifest/replace-shard.ts';
import type { RefineInput, RefineResult, SeriesReport } from './contract.ts';
import type { PublishWorld } from './publish-shard.ts';
import type { RefineWorld } from './refine-world.ts';
import { createSeriesRefiner, type RefinedPeriod } from './series-refiner.ts';
import { DamagedCheckpoint } from './shard-end.ts';

/**
 * Brings every shard of a series up to date with what has landed: candles, features, labels, gaps, checkpoint, manifest,
 * in the order of time, each shard going on from the checkpoint of the one before. A shard whose inputs, code and
 * predecessor are as its manifest says is left alone. While a shard is being written the next is computed already, but
 * nothing of it is written before the one in front of it is whole.
 */
export async function refine(input: RefineInput, world: RefineWorld): Promise<RefineResult> {
  const { runId, series, askedHoles } = input;
  const remake = new Set(input.remake);
  const written = new Set<Period>();
  let pass = await refineWhole(input, world, remake, written);
  // What landed meanwhile is taken in by going round again.
  while (pass.cursor === undefined && pass.written.size > 0 && (await pass.outdated())) {
    pass = await refineWhole(input, world, remake, written);
  }
  const { cursor } = pass;
  const made = new Set([...(input.made ?? []), ...written]);
  const reports = pass.reports.map((report) => ({ ...report, recomputed: made.has(report.period) }));
  const counts = { shards: reports.length, recomputed: written.size };
  if (cursor !== undefined) {
    const again = { ...(remake.size > 0 && { remake: [...remake] }), ...(made.size > 0 && { made: [...made] }) };
    return { runId, series, done: false, cursor, ...again, ...(askedHoles && { askedHoles }), ...counts };
  }
  const { failed } = pass;
  const report: SeriesReport = {
    series,
    shards: reports,
    ...(failed.length > 0 && { failed }),
    ...(askedHoles && { askedHoles }),
  };
  await world.store.put(refineResultKey(runId, series), Buffer.from(`${JSON.stringify(report)}\n`));
  return { runId, series, done: true, ...counts };
}

interface RefinePass {
  readonly reports: readonly ShardReport[];
  /** Periods whose objects were put. */
  readonly written: ReadonlySet<Period>;
  /** Where to go on, when time ran out. */
  readonly cursor: Period | undefined;
  readonly failed: readonly FailedFile[];
  /** True where more has landed since the pass began. */
  outdated(): Promise<boolean>;
}

/**
 * One pass to the end of the series, or of the time. If it finds a damaged checkpoint, it begins again and makes that
 * shard again, from the same inputs and so to the same bytes. If another run publishes one of its shards, it begins
 * again too: it looks at what the other run made, and at all that has landed by then.
 */
async function refineWhole(
  { runId, series }: RefineInput,
  world: RefineWorld,
  remake: Set<Period>,
  written: Set<Period>,
): Promise<RefinePass> {
  for (;;) {
    try {
      return await untilUndisturbed((finished) => refineLanded(series, { ...world, runId, finished }, remake, written));
    } catch (error) {
      if (!(error instanceof DamagedCheckpoint) || remake.has(error.period)) throw error;
      remake.add(error.period);
    }
  }
}

/**
 * Brings every shard up to date with what has landed by now, and makes those to `remake` anew in any case, which are
 * struck off as they are done. Notes in `written` what it put.
 */
async function refineLanded(
  series: Series,
  world: RefineWorld & PublishWorld,
  remake: Set<Period>,
  written: Set<Period>,
): Promise<RefinePass> {
  const refiner = await createSeriesRefiner(series, world, remake);
  const shards: RefinedPeriod[] = [];
  const now = new Set<Period>();
  let cursor: Period | undefined;
  try {
    for (const period of refiner.periods) {
      if (now.size > 0 && world.outOfTime()) {
        cursor = period;
        break;
      }
      const shard = await refiner.bringUpToDate(period);
      if (!shard) continue;
      shards.push(shard);
      if (shard.recomputed) {
        now.add(period);
        shard.report.then(
          () => written.add(period),
          () => {},
        );
      }
    }
    await refiner.remember();
  } finally {
    await refiner.close();
  }
  const reports = await Promise.all(shards.map((shard) => shard.report));
  for (const period of now) remake.delete(period);
  return { reports, written: now, cursor, failed: refiner.failedFiles(), outdated: () => refiner.outdated() };
}

/** True where every shard of the series is as its manifest says and nothing would be recomputed. Reads, never writes. */
export async function isUpToDate(series: Series, world: RefineWorld): Promise<boolean> {
  const refiner = await createSeriesRefiner(series, { ...world, runId: '', finished: new Set() });
  for (const period of refiner.periods) if (!(await refiner.leaveAlone(period))) return false;
  return true;
}
