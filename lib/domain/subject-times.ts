import { type Interval, nominalMs } from './interval.ts';
import { type Period, periodOf, periodRange, periodsIn } from './period.ts';
import type { Stream } from './stream.ts';
import { STREAM_TABLE } from './stream-table.ts';
import { isStream, type Subject } from './subject.ts';
import { DAY_MS, type TimeRange } from './time-range.ts';

/** A snapshot this young is recent enough: a second run within the hour requests none. */
export const SNAPSHOT_EVERY_MS = 3_600_000;

/** Returns true for a stream of snapshots: it has sightings instead of files and windows. */
export function isOfSnapshots({ name }: Stream): boolean {
  return STREAM_TABLE[name].rows === 'snapshots';
}

/** Returns true for a stream that has rows at the open times of a series. Its range is that of the candles. */
export function isOfSeries({ name }: Stream): boolean {
  return STREAM_TABLE[name].of === 'series';
}

/** Returns the grid on which windows of a series or a stream are planned. */
export function gridOf(subject: Subject): Interval {
  return isStream(subject) ? own(STREAM_TABLE[subject.name].grid, subject) : subject.interval;
}

/** Returns the period that holds the row of this instant. */
export function streamPeriodOf(stream: Stream, timeMs: number): Period {
  return periodOf(own(STREAM_TABLE[stream.name].periodsOf, stream), timeMs);
}

/** Returns the periods, ascending, for which an object of this range may hold candles or rows. */
export function subjectPeriodsIn(subject: Subject, { fromMs, toMs }: TimeRange): Period[] {
  if (!isStream(subject) && nominalMs(subject.interval) >= DAY_MS) return ['all'];
  if (!isStream(subject)) return periodsIn(subject.interval, { fromMs, toMs });
  const { periodsOf, overhangMs } = STREAM_TABLE[subject.name];
  const periods = periodsIn(own(periodsOf, subject), { fromMs, toMs: toMs + overhangMs });
  return periods.sort((a, b) => periodRange(a).fromMs - periodRange(b).fromMs);
}

function own(interval: Interval | 'own', stream: Stream): Interval {
  return interval === 'own' ? stream.interval! : interval;
}
