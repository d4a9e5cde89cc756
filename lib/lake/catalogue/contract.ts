import type { Series } from '../../domain/series.ts';
import type { StreamName } from '../../domain/stream.ts';
import type { Accounted, ShardReport } from '../manifest/contract.ts';
import type { PlanTotals } from '../plan/contract.ts';

/** Event of the catalogue stage. */
export interface CatalogueInput {
  readonly runId: string;
}

/** What the state machine ends with; `complete` false ends it failed. */
export interface CatalogueResult {
  readonly runId: string;
  readonly complete: boolean;
  readonly reportKey: string;
  /** One line a person can act on. */
  readonly summary: string;
}

/** The run report, `runs/<id>/report.json`, one JSON line. */
export interface RunReport {
  readonly runId: string;
  readonly complete: boolean;
  readonly summary: string;
  /** True if candles and times are those of the simulated exchange. */
  readonly simulated?: true;
  readonly asOfMs: number;
  readonly finishedAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly totals: PlanTotals;
  readonly notices: readonly string[];
  /**
   * Wanted candles that no source could be asked for: REST was out of reach, and no archive file has them yet. A run
   * that lacks some is incomplete.
   */
  readonly outOfReachCandles: number;
  readonly fetchedChunks: number;
  readonly failures: readonly Failure[];
  /**
   * Files whose candles other sources brought. Those that could not be fetched stand in `failures` too; one that landed and
   * cannot be read is no failure of the run then.
   */
  readonly healed: readonly Failure[];
  readonly recomputedShards: number;
  readonly partitionsAdded: number;
  readonly series: readonly ReportedSeries[];
  /** Absent where the run was about candles alone. */
  readonly streams?: ReportedStreams;
}

/** The streams of a run, summed up by table over all symbols. */
export interface ReportedStreams {
  readonly fetchedChunks: number;
  readonly tables: Readonly<Record<StreamName, ReportedTable>>;
}

export interface ReportedTable {
  readonly rows: number;
  readonly shards: number;
  readonly recomputed: number;
  /** Steps of the grid without a row. */
  readonly missing: number;
  /** Times of which something landed that is not served, because the symbol had no market then. */
  readonly quarantined: number;
  readonly conflicts: number;
  readonly sizeBytes: number;
}

export interface ReportedSeries {
  readonly series: Series;
  readonly wantedCandles: number;
  /** Candles of the lake inside the range asked for. */
  readonly candles: number;
  readonly ledger: SeriesLedger;
  /** Without the ranges that are still to be asked for, which were for the run itself. */
  readonly shards: readonly Omit<ShardReport, 'holes'>[];
  /** True if the symbol stopped trading before the end of the run's range: it gets no newer candles. */
  readonly ended?: true;
}

/** The sum of a whole series: grid = candles + Σ (intervals − candles) of what is accounted. */
export interface SeriesLedger {
  /** Intervals from the listing, or the first that was asked for, to the last that was. */
  readonly grid: number;
  readonly candles: number;
  readonly accounted: Accounted;
  /** `unknown` intervals that no run has wanted yet. */
  readonly unasked: number;
}

/**
 * A chunk, series or stream that went wrong, and how; also an archive file that landed and cannot be read, and a table
 * whose partitions the catalogue refused.
 */
export interface Failure {
  readonly stage: 'fetch' | 'refine' | 'catalogue';
  readonly name: string;
  readonly error: string;
  readonly message: string;
  /** True where it landed and cannot be read: asked for again, the exchange gives the same bytes. */
  readonly landed?: true;
}
