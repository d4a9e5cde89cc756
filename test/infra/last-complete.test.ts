import { countSinceComplete, noteComplete } from '../../lambdas/last-complete.ts';
import { lastCompleteKey } from '../../lib/domain/schedule.ts';
import { memoryStore } from '../../lib/lake/memory-store.ts';
import { DAY_MS } from '../support/time.ts';

/** A lake whose clock is at `day`, and the metrics that a scheduled run counts then. */
function lakeOfRuns({ isAudited }: { isAudited: boolean }) {
  const store = memoryStore();
  const at = (day: number) => ({ store, clock: { nowMs: () => day * DAY_MS, sleep: async () => {} } });
  return {
    store,
    async runOn(day: number): Promise<{ days: Record<string, number>; warnings: string[] }> {
      const days: Record<string, number> = {};
      const warnings: string[] = [];
      const telemetry = {
        countBy: (_: string, { schedule }: Record<string, string>, seconds: number) => {
          days[schedule!] = seconds / 86_400;
        },
        warn: (line: string) => warnings.push(line),
      };
      await countSinceComplete(telemetry as never, { ...at(day), isAudited });
      return { days, warnings };
    },
    completeOn: (schedule: 'WatchList' | 'Audit', day: number) => noteComplete(schedule, at(day)),
  };
}

test('if no audit ever ends, its time is counted from the first scheduled run, and from no run before it', async () => {
  const lake = lakeOfRuns({ isAudited: true });
  expect(await lake.runOn(1)).toEqual({ days: {}, warnings: [] });
  expect((await lake.runOn(2)).days).toEqual({ Audit: 1 });
  expect((await lake.runOn(9)).days).toEqual({ Audit: 8 });
});

test('an audit that ended replaces the time of the first scheduled run', async () => {
  const lake = lakeOfRuns({ isAudited: true });
  await lake.runOn(1);
  await lake.completeOn('Audit', 5);
  expect((await lake.runOn(9)).days).toEqual({ Audit: 4 });
});

test('without a schedule of audits nothing is awaited', async () => {
  const lake = lakeOfRuns({ isAudited: false });
  await lake.runOn(1);
  expect(await lake.runOn(9)).toEqual({ days: {}, warnings: [] });
  expect(await lake.store.get(lastCompleteKey('Audit'))).toBeUndefined();
});

test('an unreadable time fails no run, and the other schedules are counted', async () => {
  const lake = lakeOfRuns({ isAudited: true });
  await lake.completeOn('WatchList', 1);
  await lake.store.put(lastCompleteKey('Audit'), Buffer.from('{}'));
  const { days, warnings } = await lake.runOn(2);
  expect(days).toEqual({ WatchList: 1 });
  expect(warnings).toEqual([expect.stringMatching(/^the time when Audit was last complete cannot be read: /)]);
});
