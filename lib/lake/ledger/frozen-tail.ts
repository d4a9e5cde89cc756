import type { Candles } from '../../domain/candles.ts';
import { floorOpenTime, type Interval, nextOpenTime } from '../../domain/interval.ts';
import { DAY_MS } from '../../domain/time-range.ts';
import type { LandedFact, SymbolLife } from './symbol-life.ts';

/** The candles of a period as they landed. */
export interface TailPart {
  readonly candles: Candles;
  /** The end of the period's archive files; minus infinity without archive files. */
  readonly archivedUntilMs: number;
}

/**
 * Shortens the life of a delisted symbol that is known only from the archive. If its last candles have no trades and
 * one price for a day or longer, they repeat the settlement price, so the life ends before them.
 * @param parts the periods of the series, the last first
 */
export async function withoutFrozenTail(
  interval: Interval,
  life: SymbolLife,
  facts: readonly LandedFact[],
  parts: AsyncIterable<TailPart>,
): Promise<SymbolLife> {
  const isDelisted = Number.isFinite(life.toMs) && facts.every((fact) => fact.evidence === 'archive');
  if (!isDelisted) return life;
  let price: number | undefined;
  let sinceMs = Number.NaN;
  let untilMs = Number.NaN;
  let count = 0;
  let archivedUntilMs = Number.NEGATIVE_INFINITY;
  for await (const part of parts) {
    const { candles } = part;
    archivedUntilMs = Math.max(archivedUntilMs, part.archivedUntilMs);
    if (candles.length === 0) continue;
    // Without the last file, the symbol may have traded after these candles.
    if (archivedUntilMs < life.settled.timeMs) return life;
    let row = candles.length - 1;
    if (count === 0) untilMs = nextOpenTime(interval, candles.openTimeMs[row]!);
    for (; row >= 0 && isFrozen(candles, row, price); row--) {
      price = candles.close[row]!;
      sinceMs = candles.openTimeMs[row]!;
      count++;
    }
    if (row >= 0) break;
  }
  if (count < 2 || untilMs - sinceMs < DAY_MS) return life;
  const rule = { name: 'frozen_tail', price: price! } as const;
  return { ...life, toMs: floorOpenTime(interval, sinceMs), settled: { ...life.settled, timeMs: sinceMs, rule } };
}

/**
 * Returns true for a candle without trades whose four prices are `price`, or equal to each other if it is undefined.
 */
function isFrozen(candles: Candles, row: number, price = candles.close[row]!): boolean {
  const { open, high, low, close, volume, trades } = candles;
  const isFlat = [open, high, low, close].every((values) => values[row] === price);
  return isFlat && trades[row] === 0 && volume[row] === 0;
}
