import type { Stream } from '../../domain/stream.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { gridOf } from '../../domain/subject-times.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ObjectStore } from '../../ports.ts';
import { readFacts, symbolLife } from './symbol-life.ts';

/**
 * Returns the times whose rows of a stream belong to today's instrument of the symbol. Rows of an earlier asset with
 * the same ticker, and rows after a settlement, do not come from its market. A funding at the settlement itself is for
 * the hours before, so it is inside.
 * @throws CorruptObject if the hash of a fact is not that of its key
 */
export async function streamLife(store: ObjectStore, stream: Stream): Promise<TimeRange> {
  const { name, market, symbol } = stream;
  if (symbol === undefined) return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const { fromMs, toMs } = symbolLife(gridOf(stream), await readFacts(store, { market, symbol }));
  return { fromMs, toMs: STREAM_TABLE[name].hasRowAtEnd ? toMs + 1 : toMs };
}
