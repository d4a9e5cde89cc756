import type { TimeRange } from '../../domain/time-range.ts';
import type { FailedFile } from '../manifest/contract.ts';

/** Of the files that failed, those that landed, in this run or an earlier one, cannot be read, and have times in a range. */
export function unreadableFiles<File extends FailedFile>(
  { fromMs, toMs }: TimeRange,
  failed: readonly File[] | undefined = [],
): File[] {
  return failed.filter(({ landed, range }) => landed && range.fromMs < toMs && range.toMs > fromMs);
}
