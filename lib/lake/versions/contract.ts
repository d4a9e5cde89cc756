import type { Period } from '../../domain/period.ts';
import type { Table } from '../../domain/tables.ts';
import type { Manifest } from '../manifest/contract.ts';

/** The reasons for a new version of a shard: the change since the version before. */
const VERSION_REASONS = [
  /** The shard is new. */
  'created',
  /** It has candles after the last one before, or its first ones. */
  'extended',
  /** The candles are the same. More of their labels are decided. */
  'labels_decided',
  /** The values are the same, from other landed objects. */
  'source_replaced',
  /** The candles are the same, the gap ledger differs. */
  'evidence_changed',
  /** Its candles have other values, or there are more between them. */
  'revised',
  /** A shard before it was revised, and features depend on that. */
  'earlier_revised',
  /** Candles after it were revised, and its labels depend on those. */
  'later_revised',
  /** Other code made it. */
  'code_changed',
] as const;
export type VersionReason = (typeof VERSION_REASONS)[number];

/** The record of one version of a shard: `versions/…/period=…/<published at>-<manifest>.json`. */
export interface VersionRecord {
  readonly manifest: Manifest;
  /** sha256 of the manifest as it is stored. */
  readonly manifestSha256: string;
  readonly publishedAtMs: number;
  readonly runId: string;
  readonly reason: VersionReason;
  /** sha256 of the manifest of the version before. */
  readonly replaces?: string;
  /** Tables of the version before that cannot be cut out of those of this one, and so are kept. */
  readonly restated: readonly Table[];
  /** Differences from the candles of the version before; left out if they were not revised. */
  readonly revision?: CandleRevision;
  /** Sources of the candles, in the order of time. */
  readonly sources: readonly { readonly source: string; readonly candles: number }[];
  /** End of the last candle that its labels could use. */
  readonly knownUntilMs: number;
  /** The version of the shard before that it continues from; left out for the first shard. */
  readonly follows?: { readonly period: Period; readonly manifestSha256: string };
  /** The next period that had a shard, at which its ledger ended; left out if it was the last. */
  readonly followedBy?: Period;
  /** Left out of the first records. Their versions cannot be rebuilt. */
  readonly madeFrom?: MadeFrom;
}

/**
 * The evidence of a version besides the shards before it, as it was then. It is enough to rebuild the version, whatever
 * has landed since. Objects that never change are named; the others are copied.
 */
export interface MadeFrom {
  /** Landing times of the manifest's inputs, in their order. */
  readonly inputs: readonly LandingTimes[];
  /** Landed objects of other periods: for the ledger, for the labels' lookahead, and for the symbol's delisting. */
  readonly others: readonly LandedThen[];
  /** Keys of the facts about the symbol's life, and of the ends of the grid that the ledger depends on. */
  readonly facts: readonly string[];
  /** Exact texts of the records of failed chunks. */
  readonly failures: readonly { readonly key: string; readonly text: string }[];
}

/** The times in a receipt that a shard depends on. */
export interface LandingTimes {
  /** The time of the newest landing. */
  readonly fetchedAtMs: number;
  readonly asOfMs: number;
  /** The times of earlier landings, ascending; left out if there are no earlier ones. */
  readonly earlierMs?: readonly number[];
}

export interface LandedThen extends LandingTimes {
  /** Key of the landed bytes. */
  readonly key: string;
}

export interface CandleRevision {
  /** Candles with other values. */
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Open times of the first and the last of them. */
  readonly firstMs: number;
  readonly lastMs: number;
}
