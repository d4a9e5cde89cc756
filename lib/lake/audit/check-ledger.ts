import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import { ledgerFaults } from '../ledger/ledger-faults.ts';
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

    const ledgerRows = Array.from(rows.from_time, (fromMs, row) => ({
      fromMs,
      toMs: rows.to_time[row]!,
      intervals: rows.intervals[row]!,
      candles: rows.candles[row]!,
    }));
    for (const { atMs, what, expected, found } of ledgerFaults(series.interval, account, openTimes, ledgerRows)) {
      fault(atMs === undefined ? period : isoTime(atMs), what, expected, found);
    }
    return account;
  }

  function fault(place: string, what: string, expected: unknown, found: unknown): void {
    findings.wrong('ledger', differs(place, what, expected, found), shardRemedy(series, repair));
    damaged.add(current);
  }
}
