import * as z from 'zod';
import type { SeriesWords } from '../../domain/series-filter.ts';
import { RUN_ID, SERIES, STREAM } from '../event-schemas.ts';

/** The checks of a series, in their order. */
export const CHECKS = ['manifests', 'versions', 'ledger', 'landing', 'aggregation', 'revisions', 'reconcile'] as const;
/** The checks of a stream, in their order. */
export const STREAM_CHECKS = ['manifests', 'landing', 'rows', 'rebuild', 'revisions'] as const;
/** The checks of the whole lake, once per audit. */
const LAKE_CHECKS = ['datasets'] as const;
export type Check = (typeof CHECKS)[number] | (typeof STREAM_CHECKS)[number] | (typeof LAKE_CHECKS)[number];

/** `wrong`: the lake contradicts itself. `differs`: the exchange contradicts itself. `note`: nothing has to be done. */
export const SEVERITIES = ['wrong', 'differs', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  /** Name of the series or stream: `um/BTCUSDT/15m`, `funding um/BTCUSDT`; `lake` for the whole lake. */
  readonly series: string;
  /** The object's key, the shard's period or the candle's open time (ISO 8601). */
  readonly place: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  /** The rule by which the lake keeps one of two values, if sources contradict each other. */
  readonly rule?: string;
  /** The remedy; empty for a note. */
  readonly remedy: string;
}

/** Days to compare with the exchange in each series, or all of them. */
const SAMPLE_SIZE = z.union([z.int().nonnegative(), z.literal('all')]);
export type SampleSize = z.infer<typeof SAMPLE_SIZE>;

/** The request of an audit. */
export interface AuditRequest extends SeriesWords {
  readonly sample?: SampleSize;
}

/** Event of the first step. The stage itself checks the request, because its messages name what is allowed. */
export const AUDIT_INPUT = z.object({ runId: RUN_ID, request: z.custom<AuditRequest>() });

/** The common fields of the items of the audit map. */
const NAMED_ITEM = {
  runId: RUN_ID,
  /** Name of the item in files: `um_BTCUSDT_15m`, `funding_um_BTCUSDT`. */
  file: z.string().regex(/^[^/\\]{1,120}$/),
};

/** Item of the audit map: one series, with the size of its sample and its seed, the audit's day: 20240305. */
export const SERIES_ITEM = z.object({ ...NAMED_ITEM, series: SERIES, seed: z.int(), sample: SAMPLE_SIZE });
export type SeriesItem = Readonly<z.infer<typeof SERIES_ITEM>>;

/** Item of the audit map: one stream. */
export const STREAM_ITEM = z.object({ ...NAMED_ITEM, stream: STREAM });
export type StreamItem = Readonly<z.infer<typeof STREAM_ITEM>>;

export type AuditItem = SeriesItem | StreamItem;

/** Counts of a repair: shards that the next run rebuilds, rebuilt kept tables, and landed objects fetched again. */
interface Repaired {
  readonly shards: number;
  readonly kept: number;
  readonly landed: number;
}

/** The findings and counts of one series or stream, `runs/<id>/audit/<file>.json`. */
export interface PartAudit {
  /** The name in findings. */
  readonly series: string;
  /** Objects whose bytes were read. */
  readonly objects: number;
  /** Archive files and REST windows that were compared with the lake. */
  readonly samples: number;
  readonly repaired: Repaired;
  /** The first findings; `counts` counts all. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** One line for each half of the exchange that was out of reach. */
  readonly notices: readonly string[];
}

/** The counts of one audited series or stream. */
export type ItemCounts = Pick<PartAudit, 'objects' | 'samples' | 'repaired'>;

/** The report of an audit, `audits/<id>.json`. */
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
  /** True if nothing is wrong, nothing differs, and everything was audited to the end. */
  readonly clean: boolean;
  /** One line. */
  readonly summary: string;
}

/** Answer of the first step on AWS. */
export const AUDIT_PLAN = z.object({
  runId: RUN_ID,
  /** Key of the items of the map. */
  seriesKey: z.string(),
  seed: z.int(),
  sample: SAMPLE_SIZE,
});
export type AuditPlan = Readonly<z.infer<typeof AUDIT_PLAN>>;

/** Answer of the last step on AWS. */
export type AuditVerdict = Pick<AuditReport, 'auditId' | 'clean' | 'summary'>;
