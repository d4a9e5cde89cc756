import * as z from 'zod';
import type { Telemetry } from '../lib/adapters/aws/telemetry.ts';
import { lastCompleteKey, SCHEDULES, type Schedule } from '../lib/domain/schedule.ts';
import type { Clock, ObjectStore } from '../lib/ports.ts';

interface Context {
  readonly store: ObjectStore;
  readonly clock: Clock;
}

/** The end of the last complete run, or the time from which the first one is awaited. */
const LAST_COMPLETE = z.union([z.object({ endedAtMs: z.number() }), z.object({ awaitedFromMs: z.number() })]);

/** Records that a run of the schedule, or an audit, has just ended complete. */
export async function noteComplete(schedule: Schedule, { store, clock }: Context): Promise<void> {
  await store.put(lastCompleteKey(schedule), encode({ endedAtMs: clock.nowMs() }));
}

/**
 * Counts the time since each schedule was last complete. The runs of each schedule count it for all schedules, so that
 * a schedule without runs is noticed by the others. A schedule that was never complete has no such metric, except the
 * audit if it `isAudited`: then the time is counted from the first scheduled run. An error here fails no run.
 */
export async function countSinceComplete(
  telemetry: Pick<Telemetry, 'countBy' | 'warn'>,
  { store, clock, isAudited }: Context & { readonly isAudited: boolean },
): Promise<void> {
  for (const schedule of SCHEDULES) {
    const key = lastCompleteKey(schedule);
    try {
      const bytes = await store.get(key);
      if (bytes) {
        const last = LAST_COMPLETE.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
        const sinceMs = 'endedAtMs' in last ? last.endedAtMs : last.awaitedFromMs;
        telemetry.countBy('SecondsSinceComplete', { schedule }, Math.max(0, (clock.nowMs() - sinceMs) / 1000));
      } else if (schedule === 'Audit' && isAudited) {
        await store.put(key, encode({ awaitedFromMs: clock.nowMs() }), { tag: undefined });
      }
    } catch (error) {
      telemetry.warn(`the time when ${schedule} was last complete cannot be read: ${(error as Error).message}`);
    }
  }
}

function encode(last: z.infer<typeof LAST_COMPLETE>): Uint8Array {
  return Buffer.from(JSON.stringify(last));
}
