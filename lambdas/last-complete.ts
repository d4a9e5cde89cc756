import { z } from 'zod';
import type { Telemetry } from '../lib/adapters/aws/telemetry.ts';
import { lastCompleteKey, SCHEDULES, type Schedule } from '../lib/domain/schedule.ts';
import type { Clock, ObjectStore } from '../lib/ports.ts';

interface World {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

const LAST_COMPLETE = z.object({ endedAtMs: z.number() });

/** Writes down that a run of the schedule, or an audit, has just ended complete. */
export async function noteComplete(schedule: Schedule, { store, clock }: World): Promise<void> {
  await store.put(lastCompleteKey(schedule), Buffer.from(JSON.stringify({ endedAtMs: clock.nowMs() })));
}

/**
 * Counts how long ago each schedule was last complete. Each schedule's runs count it for all of them, so that one that
 * stands still is noticed by the others. A schedule that was never complete has no such metric. It fails no run.
 */
export async function countSinceComplete(telemetry: Telemetry, { store, clock }: World): Promise<void> {
  for (const schedule of SCHEDULES) {
    try {
      const bytes = await store.get(lastCompleteKey(schedule));
      if (!bytes) continue;
      const { endedAtMs } = LAST_COMPLETE.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
      telemetry.countBy('SecondsSinceComplete', { schedule }, Math.max(0, (clock.nowMs() - endedAtMs) / 1000));
    } catch (error) {
      telemetry.warn(`when ${schedule} was last complete cannot be read: ${(error as Error).message}`);
    }
  }
}
