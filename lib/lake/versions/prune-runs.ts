import { DAY_MS } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { RUN_REPORTS_PREFIX, RUNS_PREFIX, runKey } from '../keys.ts';

/** The plan and the results of a run that is over. Its report stays, because the table `runs` consists of reports. */
export interface PrunableRun {
  readonly runId: string;
  /** The day that it was planned on, such as 2026-11-20. */
  readonly day: string;
  readonly keys: readonly string[];
  readonly sizeBytes: number;
}

const REPORT = /^run_reports\/day=(\d{4}-\d{2}-\d{2})\/(.+)\.json$/;

/**
 * Lists the runs that were planned on a day that had ended before an instant. A run without a copy of its report stays,
 * because it has not ended or ended without one.
 */
export async function prunableRuns(lake: ObjectStore, beforeMs: number): Promise<PrunableRun[]> {
  const [reports, objects] = await Promise.all([lake.list(RUN_REPORTS_PREFIX), lake.list(RUNS_PREFIX)]);
  const days = new Map<string, string>();
  for (const { key } of reports) {
    const [, day, runId] = REPORT.exec(key) ?? [];
    if (day !== undefined && runId !== undefined && Date.parse(day) + DAY_MS <= beforeMs) days.set(runId, day);
  }
  const runs = new Map<string, { keys: string[]; sizeBytes: number }>();
  for (const { key, sizeBytes } of objects) {
    const runId = key.slice(RUNS_PREFIX.length).split('/')[0]!;
    if (!days.has(runId) || key === runKey(runId, 'report.json')) continue;
    const run = runs.get(runId) ?? { keys: [], sizeBytes: 0 };
    run.keys.push(key);
    run.sizeBytes += sizeBytes;
    runs.set(runId, run);
  }
  return [...runs].map(([runId, run]) => ({ runId, day: days.get(runId)!, ...run }));
}
