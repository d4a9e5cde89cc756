import { CANDLE_COLUMNS, type Candles, rowsBefore } from '../../domain/candles.ts';
import { countOpenTimes, type Interval } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { Preferable } from './preference.ts';

interface CandleObject extends Pick<Preferable, 'source'> {
  readonly candles: Candles;
}

/**
 * Returns true if B has the same candles as A in a range. An archive file and an answer of REST must have all of them,
 * because a candle that both lack is evidence, for which REST and the archive must each be asked.
 */
export function candlesAgree(interval: Interval, b: CandleObject, a: CandleObject, range: TimeRange): boolean {
  const fromRow = rowsBefore(b.candles.openTimeMs, range.fromMs);
  if (rowsBefore(b.candles.openTimeMs, range.toMs) - fromRow !== a.candles.length) return false;
  const isSameKind = (a.source === 'rest') === (b.source === 'rest');
  if (!isSameKind && a.candles.length !== countOpenTimes(interval, range)) return false;
  const isEqual = CANDLE_COLUMNS.every((name) =>
    a.candles[name].every((value, row) => value === b.candles[name][fromRow + row]),
  );
  return isEqual && isAscending(b.candles);
}

function isAscending({ openTimeMs }: Candles): boolean {
  return openTimeMs.every((timeMs, row) => row === 0 || timeMs > openTimeMs[row - 1]!);
}
