import { countOpenTimes, floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
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

    /** Goes on over the candles that open before that instant. */
    function followCandles(untilMs: number): void {
      for (; at < openTimes.length && openTimes[at]! < untilMs; at++) {
        // Candles of three days and longer need not open where the grid has it.
        const cellMs = floorOpenTime(series.interval, openTimes[at]!);
        mustReach(cellMs);
        accountedMs = nextOpenTime(series.interval, cellMs);
      }
    }

    /** All before that instant must be accounted for. */
    function mustReach(untilMs: number): void {
      const missing =
        accountedMs < untilMs ? countOpenTimes(series.interval, { fromMs: accountedMs, toMs: untilMs }) : 0;
      if (missing === 0) return;
      fault(isoTime(accountedMs), 'intervals that are neither candles nor in the ledger', 0, missing);
      accountedMs = untilMs;
    }
  }

  function fault(place: string, what: string, expected: unknown, found: unknown): void {
    const remedy = shardRemedy(world);
    findings.add('ledger', 'wrong', { place, what, expected: String(expected), found: String(found), remedy });
    damaged.add(current);
  }
}
