import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';

/** What an audit looks at in a series, in the order in which it does. */
export const CHECKS = ['manifests', 'versions', 'ledger', 'landing', 'aggregation', 'revisions', 'reconcile'] as const;
/** The same in a stream. */
export const STREAM_CHECKS = ['manifests', 'landing', 'rows', 'rebuild', 'revisions'] as const;
/** What it looks at once, in the whole lake. */
export const LAKE_CHECKS = ['datasets'] as const;
export type Check = (typeof CHECKS)[number] | (typeof STREAM_CHECKS)[number] | (typeof LAKE_CHECKS)[number];

/** `wrong`: the lake is not what it says it is. `differs`: the exchange contradicts itself. `note`: nothing to be done. */
export const SEVERITIES = ['wrong', 'differs', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  /** Name of the series or stream: `um/BTCUSDT/15m`, `funding um/BTCUSDT`; `lake` of what is the whole lake's. */
  readonly series: string;
  /** The object's key, the shard's period or the candle's open time (ISO 8601). */
  readonly place: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** Which of two values the lake keeps and why, where sources contradict each other. */
  readonly rule?: string;
  /** What to do about it; empty for a note. */
  readonly remedy: string;
}

/** Days to compare with the exchange in each series, or all of them. */
export type SampleSize = number | 'all';

/** What an audit is asked for. */
export interface AuditRequest {
  readonly symbols?: readonly string[];
  readonly interval?: string;
  readonly market?: string;
  readonly sample?: SampleSize;
}

/** What the items of the audit map have in common. */
interface NamedItem {
  readonly runId: string;
  /** Name of the item in files: `um_BTCUSDT_15m`, `funding_um_BTCUSDT`. */
  readonly file: string;
}

/** Item of the audit map: one series, with what decides which of its days are compared. */
export interface SeriesItem extends NamedItem {
  readonly series: Series;
  /** Of the audit's day, so that an audit can be repeated: 20240305. */
  readonly seed: number;
  readonly sample: SampleSize;
}

/** Item of the audit map: one stream. */
export interface StreamItem extends NamedItem {
  readonly stream: Stream;
}

export type AuditItem = SeriesItem | StreamItem;

/** What a repair did: shards that the next run makes again, kept tables made again, and landed objects fetched again. */
export interface Repaired {
  readonly shards: number;
  readonly kept: number;
  readonly landed: number;
}

/** What the audit of one series or stream found, `runs/<id>/audit/<file>.json`. */
export interface PartAudit {
  /** As findings have it. */
  readonly series: string;
  /** Objects whose bytes were read. */
  readonly objects: number;
  /** Archive files and REST windows that were compared with the lake. */
  readonly samples: number;
  readonly repaired: Repaired;
  /** At most so many as a reader reads; `counts` has all. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** One line for each half of the exchange that was out of reach. */
  readonly notices: readonly string[];
}

/** The counts of one audited series or stream. */
export type ItemCounts = Pick<PartAudit, 'objects' | 'samples' | 'repaired'>;

/** What a whole audit found, `audits/<id>.json`. */
export interface AuditReport {
  readonly auditId: string;
  readonly atMs: number;
  readonly seed: number;
  readonly sample: SampleSize;
  readonly series: number;
  readonly streams: number;
  readonly objects: number;
  readonly samples: number;
  readonly repaired: Repaired;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly findings: readonly Finding[];
  readonly notices: readonly string[];
  /** Series and streams that could not be audited to the end. */
  readonly unaudited: readonly { readonly series: string; readonly message: string }[];
  /** Nothing is wrong, nothing differs, and everything was audited to the end. */
  readonly clean: boolean;
  /** One line. */
  readonly summary: string;
}

/** Answer of the first step on AWS. */
export interface AuditPlan {
  readonly runId: string;
  /** Where the items of the map are. */
  readonly seriesKey: string;
  readonly seed: number;
  readonly sample: SampleSize;
}

/** Answer of the last step on AWS. */
export type AuditVerdict = Pick<AuditReport, 'auditId' | 'clean' | 'summary'>;
