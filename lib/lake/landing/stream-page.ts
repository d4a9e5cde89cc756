import type { Stream } from '../../domain/stream.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { gridOf } from '../../domain/stream-times.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { pageAround, pageOf } from './open-page.ts';

/** Returns the open page of a stream that holds this instant. Undefined if the stream has none, as with candles of a day. */
export function streamPageOf(stream: Stream, timeMs: number): TimeRange | undefined {
  const { openPageMs } = STREAM_TABLE[stream.name];
  return openPageMs === undefined ? pageOf(gridOf(stream), timeMs) : pageAround(timeMs, openPageMs);
}
