import { allocateCandles, type CandleColumn, type Candles } from '../../domain/candles.ts';
import { countOpenTimes, floorOpenTime, type Interval, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import { valuesText } from './compare-candles.ts';

/** Sums of floats in another order differ in their last bits. A greater relative error than this is a difference. */
const SUM_TOLERANCE = 1e-9;

const SUMMED = ['volume', 'quoteVolume', 'trades', 'takerBuyVolume', 'takerBuyQuoteVolume'] as const;
const PRICES = ['open', 'high', 'low', 'close'] as const;

/** A published candle that differs from the sum of the finer candles. */
interface AggregationDifference {
  readonly openTimeMs: number;
  /** The columns that differ, as text: their sums, and their published values. */
  readonly summed: string;
  readonly published: string;
}

/** Adds up finer candles, part by part, and compares the sums with the coarser candles. */
interface Aggregation {
  /** Adds finer candles in the order of time. */
  add(finer: Candles): void;
  result(): {
    readonly differences: readonly AggregationDifference[];
    readonly compared: number;
    readonly incomplete: number;
  };
}

/** Returns true if every candle of the coarser interval consists of whole candles of the finer one. */
export function addsUp(finer: Interval, coarser: Interval): boolean {
  if (finer === '1M' || nominalMs(finer) >= nominalMs(coarser)) return false;
  // A month consists of whole days, not of weeks. A week begins on a Monday; no other interval of days does.
  const unit = coarser === '1M' ? nominalMs('1d') : nominalMs(coarser);
  return unit % nominalMs(finer) === 0;
}

export function aggregation(coarser: Candles, interval: Interval, finerInterval: Interval): Aggregation {
  const { length } = coarser;
  const rowOf = new Map<number, number>();
  for (let row = 0; row < length; row++) rowOf.set(coarser.openTimeMs[row]!, row);
  const sums = allocateCandles(length);
  const counts = new Uint32Array(length);
  return {
    add(finer) {
      for (let row = 0; row < finer.length; row++) {
        const target = rowOf.get(floorOpenTime(interval, finer.openTimeMs[row]!));
        if (target === undefined) continue;
        const first = counts[target] === 0;
        if (first) sums.open[target] = finer.open[row]!;
        sums.high[target] = first ? finer.high[row]! : Math.max(sums.high[target]!, finer.high[row]!);
        sums.low[target] = first ? finer.low[row]! : Math.min(sums.low[target]!, finer.low[row]!);
        sums.close[target] = finer.close[row]!;
        for (const name of SUMMED) sums[name][target]! += finer[name][row]!;
        counts[target]!++;
      }
    },
    result() {
      const differences: AggregationDifference[] = [];
      let compared = 0;
      let incomplete = 0;
      for (let row = 0; row < length; row++) {
        if (counts[row] === 0) continue;
        const openTimeMs = coarser.openTimeMs[row]!;
        const toMs = nextOpenTime(interval, openTimeMs);
        const differing = differingColumns(sums, coarser, row);
        if (counts[row]! < countOpenTimes(finerInterval, { fromMs: openTimeMs, toMs })) {
          // Missing candles may explain the difference. If the values are equal, they are equal anyway.
          if (differing.length > 0) incomplete++;
          continue;
        }
        compared++;
        if (differing.length === 0) continue;
        differences.push({
          openTimeMs,
          summed: valuesText(sums, row, differing),
          published: valuesText(coarser, row, differing),
        });
      }
      return { differences, compared, incomplete };
    },
  };
}

function differingColumns(sums: Candles, published: Candles, row: number): CandleColumn[] {
  const prices = PRICES.filter((name) => sums[name][row] !== published[name][row]);
  const amounts = SUMMED.filter((name) => {
    const [a, b] = [sums[name][row]!, published[name][row]!];
    return Math.abs(a - b) > SUM_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  });
  return [...prices, ...amounts];
}
