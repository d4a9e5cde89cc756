import { UnexpectedFormat } from '../../../domain/errors.ts';
import { nominalMs } from '../../../domain/interval.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { gridOf } from '../../../domain/subject-times.ts';
import { DAY_MS, isoTime, isWithin } from '../../../domain/time-range.ts';
import type { Receipt } from '../../landing/receipt.ts';

/**
 * Refuses a row outside the range of its object, because it would be missing from the shard that it belongs to. Candles
 * of a day and longer are all in one shard, and the archive's months need not cut them cleanly.
 * @throws UnexpectedFormat naming the first such row
 */
export function assertBelong(
  { stream, range: { fromMs, toMs } }: Pick<Receipt<Stream>, 'stream' | 'range'>,
  timesMs: readonly number[],
  name: string,
): void {
  if (nominalMs(gridOf(stream)) >= DAY_MS) return;
  const endMs = toMs + STREAM_TABLE[stream.name].overhangMs;
  const row = timesMs.findIndex((timeMs) => !isWithin(timeMs, { fromMs, toMs: endMs }));
  if (row < 0) return;
  const expected = `[${isoTime(fromMs)}, ${isoTime(toMs)})`;
  throw new UnexpectedFormat(`row ${row + 1} of ${name} is of ${isoTime(timesMs[row]!)}, expected only ${expected}`);
}
