import { countOpenTimes, floorOpenTime, type Interval, nextOpenTime } from '../../domain/interval.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { GapRow } from './gap-row.ts';

/** A place at which a ledger and its candles do not add up. */
interface LedgerFault {
  /** The instant; undefined if the end of the whole account is wrong. */
  readonly atMs?: number;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Adds up a ledger: every interval of the account must have a candle or be in a row, no two rows overlap, and each row
 * must have the intervals and candles that it claims. Returns the faults in the order of time.
 * @param openTimeMs the open times of the candles in the account, ascending
 */
export function ledgerFaults(
  interval: Interval,
  account: TimeRange,
  openTimeMs: Float64Array,
  rows: readonly Pick<GapRow, 'fromMs' | 'toMs' | 'intervals' | 'candles'>[],
): LedgerFault[] {
  const faults: LedgerFault[] = [];
  let candle = 0;
  let accountedMs = account.fromMs;
  const compare = (atMs: number, what: string, expected: number | string, found: number | string) => {
    if (expected !== found) faults.push({ atMs, what, expected: String(expected), found: String(found) });
  };
  /** Every interval before the instant must be accounted for. */
  const mustReach = (untilMs: number) => {
    if (accountedMs >= untilMs) return;
    const missing = countOpenTimes(interval, { fromMs: accountedMs, toMs: untilMs });
    if (missing === 0) return;
    compare(accountedMs, 'intervals that are neither candles nor in the ledger', 0, missing);
    accountedMs = untilMs;
  };
  /** Counts the candles that open before the instant. */
  const passCandles = (untilMs: number) => {
    for (; candle < openTimeMs.length && openTimeMs[candle]! < untilMs; candle++) {
      // A candle of three days or longer need not open at a time of the grid.
      const cellMs = floorOpenTime(interval, openTimeMs[candle]!);
      mustReach(cellMs);
      accountedMs = nextOpenTime(interval, cellMs);
    }
  };
  for (const row of rows) {
    const { fromMs, toMs } = row;
    if (fromMs < accountedMs)
      compare(fromMs, 'row that overlaps what is before it', isoTime(accountedMs), isoTime(fromMs));
    passCandles(fromMs);
    mustReach(fromMs);
    const before = candle;
    while (candle < openTimeMs.length && openTimeMs[candle]! < toMs) candle++;
    compare(fromMs, 'intervals of the row', countOpenTimes(interval, { fromMs, toMs }), row.intervals);
    compare(fromMs, 'candles within the row', candle - before, row.candles);
    accountedMs = Math.max(accountedMs, toMs);
  }
  passCandles(Number.POSITIVE_INFINITY);
  mustReach(account.toMs);
  if (accountedMs !== account.toMs) {
    faults.push({ what: 'end of the account', expected: isoTime(account.toMs), found: isoTime(accountedMs) });
  }
  return faults;
}
