import { ceilOpenTime, type Interval } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import type { Landed } from './plan-chunks.ts';

/**
 * Cuts open times to the end of the archive's newest file, listed or landed. A daily file appears on the morning after
 * its day, sometimes days later, so the listing decides and not the calendar.
 */
export function upToArchiveEnd(
  interval: Interval,
  { fromMs, toMs }: TimeRange,
  listed: readonly ArchiveFile[],
  landed: readonly Landed[],
  asOfMs: number,
): TimeRange {
  const files = [...listed, ...landed.filter(({ source }) => source !== 'rest')];
  const ends = files.map(({ range }) => range.toMs).filter((endMs) => endMs <= asOfMs);
  return { fromMs, toMs: Math.min(toMs, ceilOpenTime(interval, Math.max(fromMs, ...ends))) };
}
