import { CANDLE_COLUMNS, CANDLE_TABLE_COLUMNS, type CandleColumn, type Candles } from '../../domain/candles.ts';
import type { ColumnValues } from '../../parquet/table-values.ts';
import type { CandleRevision } from './contract.ts';

/** How candles differ from those of a table of before, up to the last that it had; undefined where they do not. */
export function candleRevision(
  before: ReadonlyMap<string, ColumnValues>,
  candles: Candles,
): CandleRevision | undefined {
  const old = Object.fromEntries(
    CANDLE_COLUMNS.map((name) => [name, before.get(CANDLE_TABLE_COLUMNS[name]) as Float64Array]),
  ) as Record<CandleColumn, Float64Array>;
  const oldTimes = old.openTimeMs;
  const times = candles.openTimeMs;
  const counts = { changed: 0, added: 0, removed: 0 };
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  const count = (what: keyof typeof counts, timeMs: number) => {
    counts[what]++;
    firstMs = Math.min(firstMs, timeMs);
    lastMs = Math.max(lastMs, timeMs);
  };
  let row = 0;
  for (let oldRow = 0; oldRow < oldTimes.length; oldRow++) {
    const timeMs = oldTimes[oldRow]!;
    for (; row < times.length && times[row]! < timeMs; row++) count('added', times[row]!);
    if (times[row] !== timeMs) count('removed', timeMs);
    else {
      const here = row++;
      if (CANDLE_COLUMNS.some((name) => old[name][oldRow] !== candles[name][here])) count('changed', timeMs);
    }
  }
  return lastMs >= firstMs ? { ...counts, firstMs, lastMs } : undefined;
}
