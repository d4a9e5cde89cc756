import type { Period } from '../../domain/period.ts';
import type { Table } from '../keys.ts';
import type { Manifest } from '../manifest/contract.ts';

/** Why a version of a shard came to be; what changed since the version before. */
export const VERSION_REASONS = [
  /** There was none. */
  'created',
  /** Candles after those it had, or its first. */
  'extended',
  /** The same candles; the labels of the last ones could look further. */
  'labels_decided',
  /** The same values, from other landed objects. */
  'source_replaced',
  /** The same candles, another account of what is missing. */
  'evidence_changed',
  /** Candles that it had are others now, or there are more between them. */
  'revised',
  /** A shard before it was revised, which features remember. */
  'earlier_revised',
  /** Candles after it, which its labels look at, were revised. */
  'later_revised',
  /** Other code made it. */
  'code_changed',
] as const;
export type VersionReason = (typeof VERSION_REASONS)[number];

/** One version that a shard had: `versions/…/period=…/<published at>-<manifest>.json`. */
export interface VersionRecord {
  readonly manifest: Manifest;
  /** Of the manifest as it is stored. */
  readonly manifestSha256: string;
  readonly publishedAtMs: number;
  readonly runId: string;
  readonly reason: VersionReason;
  /** The version before it, by the sha256 of its manifest. */
  readonly replaces?: string;
  /** Tables of the version before that cannot be cut out of this one's any more, and so are kept as they were. */
  readonly restated: readonly Table[];
  /** How the candles differ from those of the version before, where they were revised. */
  readonly revision?: CandleRevision;
  /** Sources of the candles, in their order. */
  readonly sources: readonly { readonly source: string; readonly candles: number }[];
  /** End of the last candle that its labels could look at. */
  readonly knownUntilMs: number;
  /** The version of the shard before it that it goes on from; left out where there was none. */
  readonly follows?: { readonly period: Period; readonly manifestSha256: string };
  /** The next period that had a shard, where its account ended; left out where it was the last. */
  readonly followedBy?: Period;
  /** Left out of the first records, whose versions cannot be made again. */
  readonly madeFrom?: MadeFrom;
}

/**
 * What a version was made from besides the shards before it, as it stood then: enough to make it again, whatever has landed
 * since. What never changes is named; what may be put anew is written down.
 */
export interface MadeFrom {
  /** What the receipts of the manifest's inputs said, in their order. */
  readonly inputs: readonly LandingTimes[];
  /** Other landed objects: of periods without a shard that its ledger accounts for, that its labels looked at, and that tell the symbol's end. */
  readonly others: readonly LandedThen[];
  /** Keys of what was known of the symbol's life, and of how far the grid had come where that bears on its ledger. */
  readonly facts: readonly string[];
  /** Records of chunks that could not be had, word by word. */
  readonly failures: readonly { readonly key: string; readonly text: string }[];
}

/** When a landed object had landed, as its receipt said: what of that bears on a shard. */
export interface LandingTimes {
  /** The last time. */
  readonly fetchedAtMs: number;
  readonly asOfMs: number;
  /** The times before, ascending; left out where there were none. */
  readonly earlierMs?: readonly number[];
}

export interface LandedThen extends LandingTimes {
  /** Of the bytes. */
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
