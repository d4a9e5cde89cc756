import { nominalMs } from '../../../domain/interval.ts';
import type { Stream } from '../../../domain/stream.ts';
import { STREAM_TABLE } from '../../../domain/stream-table.ts';
import { gridOf, isOfSeries } from '../../../domain/subject-times.ts';
import { gapsBefore } from '../candle-times.ts';

/**
 * Returns the times of the grid that are missing directly before each row. It is 0 for the first row of the stream.
 * Returns undefined for a stream whose rows are not on a grid.
 * @param previousMs the time of the row before; NaN before the first row
 */
export function missingBefore(stream: Stream, timesMs: Float64Array, previousMs: number): Float64Array | undefined {
  if (STREAM_TABLE[stream.name].rows !== 'grid') return undefined;
  const grid = gridOf(stream);
  if (isOfSeries(stream)) return gapsBefore(grid, timesMs, previousMs);
  // Candles open exactly on their grid. The labels of other rows may be some seconds off it.
  const stepMs = nominalMs(grid);
  return timesMs.map((timeMs, row) => {
    const before = row === 0 ? previousMs : timesMs[row - 1]!;
    return Number.isNaN(before) ? 0 : Math.max(0, Math.round((timeMs - before) / stepMs) - 1);
  });
}
