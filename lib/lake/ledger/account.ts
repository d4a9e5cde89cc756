import { floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import { type Period, periodRange } from '../../domain/period.ts';
import type { Series } from '../../domain/series.ts';
import { sha256 } from '../../domain/sha256.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { landingKey } from '../keys.ts';
import type { LandedId } from '../landing/landing.ts';
import type { SeriesInputs } from '../landing/series-inputs.ts';
import type { RecordedFailure } from './failed-chunk.ts';
import { keepLedger, type Ledger } from './ledger.ts';
import type { Life } from './life.ts';
import type { KeptBack, ServedShard } from './quarantine.ts';

/** What a shard's ledger goes on from and how far it may go. */
export interface AccountScope {
  readonly period: Period;
  /** Where the account of the shard before ends; undefined for the first, which begins with the listing. */
  readonly fromMs: number | undefined;
  /** Whether a shard comes after it. The last accounts for all behind it as well, as far as the grid was known to go. */
  readonly followed: boolean;
}

/** Makes the ledgers of one series from what landed of it, period by period. */
export interface Accountant {
  /** Hash over all that a ledger is made from but the candles. */
  basis(scope: AccountScope): Promise<string>;
  /** Periods, and chunks that could not be had, that a ledger is made from. */
  evidence(scope: AccountScope): { readonly periods: readonly Period[]; readonly failures: readonly RecordedFailure[] };
  ledger(scope: AccountScope, shard: ServedShard): Promise<Ledger>;
}

export interface AccountantWorld {
  readonly series: Series;
  readonly inputs: SeriesInputs;
  readonly failures: readonly RecordedFailure[];
  readonly life: Life;
  /** Any period of the series as it is served. */
  readonly decoded: (period: Period) => Promise<ServedShard>;
}

const NO_ACCOUNT: TimeRange = { fromMs: 0, toMs: 0 };

/** A landed object, and whether it still speaks for its file. */
function nameOf(id: LandedId): string {
  return id.superseded ? `${landingKey(id)} superseded` : landingKey(id);
}

export function createAccountant({ series, inputs, failures, life, decoded }: AccountantWorld): Accountant {
  const { interval } = series;
  const { landing } = inputs;

  /** Periods that have no shard of their own are in the account of the next that has one, or else of the last. */
  function periodsOf({ period, fromMs = Number.NEGATIVE_INFINITY, followed }: AccountScope): Period[] {
    const { toMs } = periodRange(period);
    return [...landing.periods.keys()].filter((one) => {
      const range = periodRange(one);
      return range.fromMs >= fromMs && (!followed || range.toMs <= toMs);
    });
  }

  function failuresOf({ period, fromMs = Number.NEGATIVE_INFINITY, followed }: AccountScope): RecordedFailure[] {
    const { toMs } = periodRange(period);
    return failures.filter(({ range }) => range.toMs > fromMs && (!followed || range.fromMs < toMs));
  }

  return {
    evidence: (scope) => ({ periods: periodsOf(scope), failures: failuresOf(scope) }),

    async basis(scope) {
      const counting = await Promise.all(periodsOf(scope).map((period) => inputs.of(period)));
      const keys = counting.flat().map(nameOf);
      const isFirst = scope.fromMs === undefined;
      const begins = isFirst || life.fromMs > scope.fromMs;
      const ends = !scope.followed || life.toMs < periodRange(scope.period).toMs;
      return sha256(
        JSON.stringify({
          fromMs: scope.fromMs,
          followed: scope.followed,
          landed: [...new Set(keys)],
          failures: failuresOf(scope).map((failure) => failure.sha256),
          gridEndMs: scope.followed ? undefined : landing.gridEndMs,
          // A date that is told after this part of the grid, or before it, leaves its ledger as it was.
          listed: begins ? [life.fromMs, life.listed] : undefined,
          settled: ends ? [life.toMs, life.settled] : undefined,
        }),
      );
    },

    async ledger(scope, shard) {
      const periods = periodsOf(scope);
      const parts = await Promise.all(periods.map((one) => (one === scope.period ? shard : decoded(one))));
      const answers = [...new Map(parts.flatMap((part) => part.answers).map((a) => [JSON.stringify(a), a])).values()];
      const own = [...failuresOf(scope), ...parts.flatMap((part) => part.unreadable)];
      const { openTimeMs } = shard.candles;
      const asked = [...answers, ...own].map(({ range }) => range).filter(({ fromMs, toMs }) => fromMs < toMs);
      const cells = [...openTimeMs.subarray(0, 1), ...openTimeMs.subarray(-1)].map((ms) => floorOpenTime(interval, ms));
      const begins = [
        ...asked.map(({ fromMs }) => fromMs),
        ...cells,
        ...(Number.isFinite(life.fromMs) ? [life.fromMs] : []),
      ];
      const ends = [
        ...asked.map(({ toMs }) => toMs),
        ...cells.map((ms) => nextOpenTime(interval, ms)),
        ...(landing.gridEndMs === undefined ? [] : [landing.gridEndMs]),
      ];
      const fromMs = scope.fromMs ?? Math.min(...begins);
      const toMs = scope.followed ? periodRange(scope.period).toMs : Math.max(...ends);
      // Nobody was asked for anything that had closed.
      const account: TimeRange = fromMs < toMs ? { fromMs, toMs } : NO_ACCOUNT;
      return keepLedger({
        interval,
        account,
        openTimeMs,
        source: shard.source,
        conflicts: shard.conflicts,
        answers,
        failures: own,
        life,
        quarantined: {
          notListed: keptBackOf(parts.map(({ quarantined }) => quarantined.notListed)),
          settled: keptBackOf(parts.map(({ quarantined }) => quarantined.settled)),
        },
      });
    },
  };
}

function keptBackOf(parts: readonly KeptBack[]): KeptBack {
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    traded: parts.reduce((sum, { traded }) => sum + traded, 0),
  };
}
