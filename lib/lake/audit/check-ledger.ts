import { countOpenTimes, floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import type { AuditContext } from './audit-context.ts';
import { type CandleShard, readCurrent } from './candle-shard.ts';
import { differs, type Findings } from './findings.ts';
import { shardRemedy } from './remedies.ts';

/**
 * Adds up the gap ledger again. Every interval that a shard accounts for is a candle or in a row, each row has as many
 * candles as it counts, no two rows overlap, and the account of a shard begins at the end of the one before.
 * @returns periods whose account is wrong
 */
export async function checkLedger(
  series: Series,
  shards: readonly CandleShard[],
  findings: Findings,
  { store, repair }: AuditContext,
): Promise<Period[]> {
  const damaged = new Set<Period>();
  let current: Period = '';
  let end: number | undefined;
  for (const shard of shards) {
    current = shard.period;
    const account = await checkAccount(shard);
    if (account && end !== undefined && account.fromMs !== end) {
      fault(current, 'begin of the account', isoTime(end), isoTime(account.fromMs));
    }
    end = account?.toMs;
  }
  return [...damaged];

  /** Returns the open times that are accounted for; undefined if a run has replaced the shard since. */
  async function checkAccount({ period, manifest }: CandleShard): Promise<TimeRange | undefined> {
    const { ledger: account, outputs } = manifest;
    const { gaps, candles } = outputs;
    const ledger = await readCurrent(store, gaps);
    const table = ledger && (await readCurrent(store, candles));
    if (!ledger || !table) return undefined;
    const names = ['from_time', 'to_time', 'intervals', 'candles'] as const;
    const rows = await readColumns(ledger, names);
    const { open_time: openTimes } = await readColumns(table, ['open_time']);

    let at = 0;
    let accountedMs = account.fromMs;
    for (let row = 0; row < gaps.rows; row++) {
      const range = { fromMs: rows.from_time[row]!, toMs: rows.to_time[row]! };
      const place = isoTime(range.fromMs);
      if (range.fromMs < accountedMs) fault(place, 'row that overlaps what is before it', isoTime(accountedMs), place);
      followCandles(range.fromMs);
      mustReach(range.fromMs);
      const inside = at;
      while (at < openTimes.length && openTimes[at]! < range.toMs) at++;
      const intervals = countOpenTimes(series.interval, range);
      if (rows.intervals[row] !== intervals) fault(place, 'intervals of the row', intervals, rows.intervals[row]);
      if (rows.candles[row] !== at - inside) fault(place, 'candles within the row', at - inside, rows.candles[row]);
      accountedMs = Math.max(accountedMs, range.toMs);
    }
    followCandles(Number.POSITIVE_INFINITY);
    mustReach(account.toMs);
    if (accountedMs !== account.toMs) fault(period, 'end of the account', isoTime(account.toMs), isoTime(accountedMs));
    return account;

    /** Accounts for the candles that open before that instant. */
    function followCandles(untilMs: number): void {
      for (; at < openTimes.length && openTimes[at]! < untilMs; at++) {
        // Candles of three days and longer need not open on the grid.
        const cellMs = floorOpenTime(series.interval, openTimes[at]!);
        mustReach(cellMs);
        accountedMs = nextOpenTime(series.interval, cellMs);
      }
    }

    /** Everything before that instant must be accounted for. */
    function mustReach(untilMs: number): void {
      const missing =
        accountedMs < untilMs ? countOpenTimes(series.interval, { fromMs: accountedMs, toMs: untilMs }) : 0;
      if (missing === 0) return;
      fault(isoTime(accountedMs), 'intervals that are neither candles nor in the ledger', 0, missing);
      accountedMs = untilMs;
    }
  }

  function fault(place: string, what: string, expected: unknown, found: unknown): void {
    findings.wrong('ledger', differs(place, what, expected, found), shardRemedy(series, repair));
    damaged.add(current);
  }
}
