import type { Candles } from '../../domain/candles.ts';
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
import type { QuarantinedRows, ServedShard } from './quarantine.ts';
import type { SymbolLife } from './symbol-life.ts';

/** The part of the grid that the ledger of a shard accounts for. */
export interface LedgerScope {
  readonly period: Period;
  /**
   * The end of the account of the shard before; undefined for the first shard, whose account begins with the listing.
   */
  readonly fromMs: number | undefined;
  /**
   * True if another shard follows. The last shard also accounts for everything after it, to the end of the known grid.
   */
  readonly followed: boolean;
}

/** Makes the ledgers of one series from everything that landed of it, period by period. */
export interface SeriesLedger {
  /** Returns a hash of everything that a ledger is made from except the candles. */
  basis(scope: LedgerScope): Promise<string>;
  /** Returns the periods and the failed chunks that a ledger is made from. */
  evidence(scope: LedgerScope): { readonly periods: readonly Period[]; readonly failures: readonly RecordedFailure[] };
  ledger(scope: LedgerScope, shard: ServedShard): Promise<Ledger>;
}

interface SeriesLedgerInput {
  readonly series: Series;
  readonly inputs: SeriesInputs;
  readonly failures: readonly RecordedFailure[];
  readonly life: SymbolLife;
  /** Returns any period of the series as it is served. */
  readonly served: (period: Period) => Promise<ServedShard>;
}

const NO_ACCOUNT: TimeRange = { fromMs: 0, toMs: 0 };

export function createSeriesLedger(input: SeriesLedgerInput): SeriesLedger {
  const { inputs, served } = input;
  return {
    evidence: (scope) => ({ periods: periodsOf(scope, inputs), failures: failuresOf(scope, input) }),

    async basis(scope) {
      const counting = await Promise.all(periodsOf(scope, inputs).map((period) => inputs.of(period)));
      return basisOf(scope, counting.flat(), input);
    },

    async ledger(scope, shard) {
      const periods = periodsOf(scope, inputs);
      const parts = await Promise.all(periods.map((one) => (one === scope.period ? shard : served(one))));
      return ledgerOf(scope, shard, parts, input);
    },
  };
}

/**
 * Returns the periods in the account of a scope. A period without a shard is in that of the next shard, or of the last.
 */
function periodsOf(scope: LedgerScope, { landing }: SeriesInputs): Period[] {
  const { fromMs = Number.NEGATIVE_INFINITY, followed } = scope;
  const { toMs } = periodRange(scope.period);
  return [...landing.periods.keys()].filter((one) => {
    const range = periodRange(one);
    return range.fromMs >= fromMs && (!followed || range.toMs <= toMs);
  });
}

function failuresOf(scope: LedgerScope, { failures }: SeriesLedgerInput): RecordedFailure[] {
  const { fromMs = Number.NEGATIVE_INFINITY, followed } = scope;
  const { toMs } = periodRange(scope.period);
  return failures.filter(({ range }) => range.toMs > fromMs && (!followed || range.fromMs < toMs));
}

function basisOf(scope: LedgerScope, landed: readonly LandedId[], input: SeriesLedgerInput): string {
  const { life, inputs } = input;
  const { period, fromMs, followed } = scope;
  // A date of the life that is before or after this part of the grid does not change its ledger.
  const hasListing = fromMs === undefined || life.fromMs > fromMs;
  const hasSettlement = !followed || life.toMs < periodRange(period).toMs;
  return sha256(
    JSON.stringify({
      fromMs,
      followed,
      landed: [...new Set(landed.map(nameInBasis))],
      failures: failuresOf(scope, input).map((failure) => failure.sha256),
      gridEndMs: followed ? undefined : inputs.landing.gridEndMs,
      listed: hasListing ? [life.fromMs, life.listed] : undefined,
      settled: hasSettlement ? [life.toMs, life.settled] : undefined,
    }),
  );
}

/** Names a landed object by everything about it that may change. The times of one that landed once do not. */
function nameInBasis(id: LandedId): string {
  const { superseded, again } = id;
  const times = again ? ` again ${[...again.earlierMs, again.fetchedAtMs].join(' ')} as of ${again.asOfMs}` : '';
  return `${landingKey(id)}${superseded ? ' superseded' : ''}${times}`;
}

function ledgerOf(
  scope: LedgerScope,
  shard: ServedShard,
  parts: readonly ServedShard[],
  input: SeriesLedgerInput,
): Ledger {
  const answers = [...new Map(parts.flatMap((part) => part.answers).map((a) => [JSON.stringify(a), a])).values()];
  const failures = [...failuresOf(scope, input), ...parts.flatMap((part) => part.unreadable)];
  const requested = [...answers, ...failures].map(({ range }) => range).filter(({ fromMs, toMs }) => fromMs < toMs);
  return keepLedger({
    interval: input.series.interval,
    account: accountOf(scope, requested, shard.candles, input),
    openTimeMs: shard.candles.openTimeMs,
    source: shard.source,
    conflicts: shard.conflicts,
    answers,
    failures,
    life: input.life,
    quarantined: {
      notListed: sumRows(parts.map(({ quarantined }) => quarantined.notListed)),
      settled: sumRows(parts.map(({ quarantined }) => quarantined.settled)),
    },
  });
}

/** Returns the open times that a ledger accounts for: none if nothing that had closed was requested. */
function accountOf(
  scope: LedgerScope,
  requested: readonly TimeRange[],
  { openTimeMs }: Candles,
  { series: { interval }, inputs, life }: SeriesLedgerInput,
): TimeRange {
  const { gridEndMs } = inputs.landing;
  const cells = [...openTimeMs.subarray(0, 1), ...openTimeMs.subarray(-1)].map((ms) => floorOpenTime(interval, ms));
  const begins = [...requested.map((range) => range.fromMs), ...cells, life.fromMs].filter(Number.isFinite);
  const ends = [...requested.map((range) => range.toMs), ...cells.map((ms) => nextOpenTime(interval, ms))];
  if (gridEndMs !== undefined) ends.push(gridEndMs);
  const fromMs = scope.fromMs ?? Math.min(...begins);
  const toMs = scope.followed ? periodRange(scope.period).toMs : Math.max(...ends);
  return fromMs < toMs ? { fromMs, toMs } : NO_ACCOUNT;
}

function sumRows(parts: readonly QuarantinedRows[]): QuarantinedRows {
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    traded: parts.reduce((sum, { traded }) => sum + traded, 0),
  };
}
