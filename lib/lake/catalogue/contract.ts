import * as z from 'zod';
import type { Series } from '../../domain/series.ts';
import type { StreamName } from '../../domain/stream-table.ts';
import { RUN_ID } from '../event-schemas.ts';
import type { Accounted, ShardReport } from '../manifest/contract.ts';
import type { PlanTotals } from '../plan/contract.ts';

/** Event of the catalogue stage. The state machine's other fields are ignored. */
export const CATALOGUE_INPUT = z.object({ runId: RUN_ID });
export type CatalogueInput = Readonly<z.infer<typeof CATALOGUE_INPUT>>;

/** The result of a run. If `complete` is false, the state machine fails. */
export interface CatalogueResult {
  readonly runId: string;
  readonly complete: boolean;
  readonly reportKey: string;
  /** One line that names what to act on. */
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
   * Wanted candles without a source: REST was out of reach, and no archive file has them yet. A run that lacks some is
   * incomplete.
   */
  readonly outOfReachCandles: number;
  readonly fetchedChunks: number;
  readonly failures: readonly Failure[];
  /**
   * Files whose candles other sources supplied. Those that could not be fetched are in `failures` too. A landed file
   * that cannot be read is then not a failure of the run.
   */
  readonly healed: readonly Failure[];
  readonly recomputedShards: number;
  readonly partitionsAdded: number;
  readonly series: readonly ReportedSeries[];
  /** Absent if the run collected candles only. */
  readonly streams?: ReportedStreams;
}

/** The streams of a run, summed up by table over all symbols. */
export interface ReportedStreams {
  readonly fetchedChunks: number;
  readonly tables: Readonly<Record<StreamName, ReportedTable>>;
}

interface ReportedTable {
  readonly rows: number;
  readonly shards: number;
  readonly recomputed: number;
  /** Steps of the grid without a row. */
  readonly missing: number;
  /** Times with landed rows that are not served, because the symbol had no market then. */
  readonly quarantined: number;
  readonly conflicts: number;
  readonly sizeBytes: number;
}

export interface ReportedSeries {
  readonly series: Series;
  readonly wantedCandles: number;
  /** Candles of the lake inside the requested range. */
  readonly candles: number;
  readonly ledger: SeriesLedger;
  /** The reports of refine without `holes`, which only the run itself needs. */
  readonly shards: readonly Omit<ShardReport, 'holes'>[];
  /** True if the symbol stopped trading before the end of the run's range: it gets no newer candles. */
  readonly ended?: true;
}

/** The ledger of a whole series: grid = candles + Σ (intervals − candles) of `accounted`. */
export interface SeriesLedger {
  /** Intervals from the listing, or from the first requested one, to the last requested one. */
  readonly grid: number;
  readonly candles: number;
  readonly accounted: Accounted;
  /** `unknown` intervals that no run has wanted yet. */
  readonly unasked: number;
}

/**
 * A chunk, series or stream that failed, with its error; also a landed archive file that cannot be read, and a table
 * whose partitions the catalogue refused.
 */
export interface Failure {
  readonly stage: 'fetch' | 'refine' | 'catalogue';
  readonly name: string;
  readonly error: string;
  readonly message: string;
  /** True if the file landed and cannot be read. Another request would get the same bytes. */
  readonly landed?: true;
}
