import { scheduleOfRun } from '../../lib/domain/schedule.ts';

test.each([
  ['WatchList-2026-11-20T09-31-00Z', 'WatchList'],
  ['Everything-2026-11-20T09-40-00Z', 'Everything'],
  ['WatchList', undefined],
  ['Other-2026-11-20T09-31-00Z', undefined],
  ['by-hand', undefined],
  ['2f1c7f6e-2c0a-4f7e-9f55-0c9f4c1f8a11', undefined],
])('scheduleOfRun: the run %s is of the schedule %s', (runId, schedule) => {
  expect(scheduleOfRun(runId)).toBe(schedule);
});
