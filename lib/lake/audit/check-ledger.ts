import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import { ledgerFaults } from '../ledger/ledger-faults.ts';
import type { Manifest, ManifestOutput } from '../manifest/contract.ts';
import type { Findings } from './findings.ts';
import { readOutput, type StandingShard } from './lake-series.ts';
import { shardRemedy } from './remedies.ts';
import type { AuditWorld } from './world.ts';

/** What a manifest says of its ledger. Earlier code kept none. */
interface WithLedger {
  readonly outputs: { readonly gaps?: ManifestOutput };
  readonly ledger?: TimeRange;
}

/**
 * Sums up the gap ledger once more: every interval that a shard accounts for is a candle or in a row, a row has as many
 * candles within as it says, no two overlap, and the account of a shard begins where that of the one before ended.
 * Shards whose manifest names no ledger are left out.
 * @returns periods whose account is wrong
 */
export async function checkLedger(
  series: Series,
  shards: readonly StandingShard[],
  findings: Findings,
  world: AuditWorld,
): Promise<Period[]> {
  const damaged = new Set<Period>();
  let current: Period = '';
  let end: number | undefined;
  for (const { period, manifest } of shards) {
    current = period;
    const account = await checkAccount(period, manifest);
    if (account && end !== undefined && account.fromMs !== end) {
      fault(period, 'begin of the account', isoTime(end), isoTime(account.fromMs));
    }
    end = account?.toMs;
  }
  return [...damaged];

  /** Returns the open times accounted for; undefined where there is no ledger, or a run has replaced it since. */
  async function checkAccount(period: Period, manifest: Manifest): Promise<TimeRange | undefined> {
    const { gaps } = manifest.outputs as WithLedger['outputs'];
    const { ledger: account } = manifest as WithLedger;
    const { candles } = manifest.outputs;
    const ledger = gaps && (await readOutput(world.store, gaps));
    const table = ledger && (await readOutput(world.store, candles));
    if (!gaps || !ledger || !table || !account) return undefined;
    const names = ['from_time', 'to_time', 'intervals', 'candles'] as const;
    const rows = await world.readers.readColumns(ledger, names);
    const { open_time: openTimes } = await world.readers.readColumns(table, ['open_time']);

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

  function fault(place: string, what: string, expected: string, found: string): void {
    const remedy = shardRemedy(world);
    findings.add('ledger', 'wrong', { place, what, expected, found, remedy });
    damaged.add(current);
  }
}
