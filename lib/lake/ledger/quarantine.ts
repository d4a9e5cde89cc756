import { rowsBefore, sliceCandles } from '../../domain/candles.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { DecodedShard } from '../landing/decode-shard.ts';

/** Candles that are kept out of the tables, because the symbol had no market then. */
export interface Quarantined {
  readonly notListed: KeptBack;
  readonly settled: KeptBack;
}

export interface KeptBack {
  readonly rows: number;
  /** Those of them in which something was traded. */
  readonly traded: number;
}

/** A shard without what lies outside the life of its symbol. The columns are views on those given. */
export interface ServedShard extends DecodedShard {
  readonly quarantined: Quarantined;
}

export function quarantine(shard: DecodedShard, life: TimeRange): ServedShard {
  const { candles, source } = shard;
  const from = rowsBefore(candles.openTimeMs, life.fromMs);
  const to = Math.max(from, rowsBefore(candles.openTimeMs, life.toMs));
  const quarantined = {
    notListed: keptBack(candles.trades, 0, from),
    settled: keptBack(candles.trades, to, candles.length),
  };
  if (from === 0 && to === candles.length) return { ...shard, quarantined };
  return {
    ...shard,
    candles: sliceCandles(candles, from, to),
    source: source.subarray(from, to),
    // What is not served is not in dispute.
    conflicts: shard.conflicts.filter(({ openTimeMs }) => openTimeMs >= life.fromMs && openTimeMs < life.toMs),
    quarantined,
  };
}

function keptBack(trades: Float64Array, from: number, to: number): KeptBack {
  let traded = 0;
  for (let row = from; row < to; row++) if (trades[row]! > 0) traded++;
  return { rows: to - from, traded };
}
