import type { Interval } from './interval.ts';
import { type Period, periodOf, periodRange, periodsIn } from './period.ts';
import type { Stream } from './stream.ts';
import { STREAM_TABLE } from './stream-table.ts';
import type { TimeRange } from './time-range.ts';

/** A snapshot this young is recent enough: a second run within the hour requests none. */
export const SNAPSHOT_EVERY_MS = 3_600_000;

/** Returns true for a stream of snapshots: it has sightings instead of files and windows. */
export function isOfSnapshots({ name }: Stream): boolean {
  return STREAM_TABLE[name].rows === 'snapshots';
}

/** Returns the grid on which windows of a stream are planned. */
export function gridOf(stream: Stream): Interval {
  return own(STREAM_TABLE[stream.name].grid, stream);
}

/** Returns the period that holds the row of this instant. */
export function streamPeriodOf(stream: Stream, timeMs: number): Period {
  return periodOf(own(STREAM_TABLE[stream.name].periodsOf, stream), timeMs);
}

/** Returns the periods, ascending, for which an object of this range may hold rows. */
export function streamPeriodsIn(stream: Stream, { fromMs, toMs }: TimeRange): Period[] {
  const { periodsOf, overhangMs } = STREAM_TABLE[stream.name];
  const periods = periodsIn(own(periodsOf, stream), { fromMs, toMs: toMs + overhangMs });
  return periods.sort((a, b) => periodRange(a).fromMs - periodRange(b).fromMs);
}

function own(interval: Interval | 'own', stream: Stream): Interval {
  return interval === 'own' ? stream.interval! : interval;
}
