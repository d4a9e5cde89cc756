import type { Stream } from '../../domain/stream.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { gridOf } from '../../domain/stream-times.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { lifeOf, readFacts } from './life.ts';

/**
 * The times whose rows are of the instrument that goes by the symbol today: what a ticker's earlier asset had, and what is
 * printed on after a settlement, is no market. A funding due at the settlement itself is for the hours before it.
 * @throws CorruptObject where what was said of the symbol is not what landed
 */
export async function streamLife(store: ObjectStore, stream: Stream): Promise<TimeRange> {
  const { name, market, symbol } = stream;
  if (symbol === undefined) return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const interval = gridOf(stream);
  const { fromMs, toMs } = lifeOf(interval, await readFacts(store, { market, symbol, interval }));
  return { fromMs, toMs: STREAM_TABLE[name].hasRowAtEnd ? toMs + 1 : toMs };
}

export function isServed(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}
