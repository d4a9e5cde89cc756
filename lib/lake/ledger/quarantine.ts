import { rowsBefore, sliceCandles } from '../../domain/candles.ts';
import { isWithin, type TimeRange } from '../../domain/time-range.ts';
import type { DecodedShard } from '../landing/decode-shard.ts';

/** The numbers of candles that are kept out of the tables, because the symbol had no market at their times. */
export interface Quarantined {
  readonly notListed: QuarantinedRows;
  readonly settled: QuarantinedRows;
}

export interface QuarantinedRows {
  readonly rows: number;
  /** The rows that have trades. */
  readonly traded: number;
}

/** A shard without the candles outside the life of its symbol. */
export interface ServedShard extends DecodedShard {
  readonly quarantined: Quarantined;
}

/** Removes the candles outside the life of the symbol. The columns returned are views of the ones given. */
export function quarantine(shard: DecodedShard, life: TimeRange): ServedShard {
  const { candles, source } = shard;
  const from = rowsBefore(candles.openTimeMs, life.fromMs);
  const to = Math.max(from, rowsBefore(candles.openTimeMs, life.toMs));
  const quarantined = {
    notListed: countRows(candles.trades, 0, from),
    settled: countRows(candles.trades, to, candles.length),
  };
  if (from === 0 && to === candles.length) return { ...shard, quarantined };
  return {
    ...shard,
    candles: sliceCandles(candles, from, to),
    source: source.subarray(from, to),
    conflicts: shard.conflicts.filter(({ openTimeMs }) => isWithin(openTimeMs, life)),
    quarantined,
  };
}

function countRows(trades: Float64Array, from: number, to: number): QuarantinedRows {
  let traded = 0;
  for (let row = from; row < to; row++) if (trades[row]! > 0) traded++;
  return { rows: to - from, traded };
}
