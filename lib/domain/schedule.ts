/** The schedules on AWS: two of runs, and one of audits. */
export const SCHEDULES = ['WatchList', 'Everything', 'Audit'] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** The schedule that started a run, by the run's name: `WatchList-2026-11-20T09-31-00Z`. Undefined if a person did. */
export function scheduleOfRun(runId: string): Schedule | undefined {
  const name = /^(\w+)-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z$/.exec(runId)?.[1];
  return SCHEDULES.find((schedule) => schedule === name);
}

/** Key of the object that contains when a run of the schedule was last complete. */
export function lastCompleteKey(schedule: Schedule): string {
  return `runs/last-complete/${schedule}.json`;
}
