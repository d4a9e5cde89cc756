import * as z from 'zod';
import { SOURCES } from '../../domain/chunk.ts';
import { GAP_CLASSES } from '../../domain/gap-class.ts';
import { INTERVALS, type Interval } from '../../domain/interval.ts';
import { MARKETS } from '../../domain/market.ts';
import { STREAM_NAMES } from '../../domain/stream-table.ts';
import { TABLES } from '../../domain/tables.ts';
import { LANDED_AGAIN } from './landed-again.ts';

/** A value that JSON stored. The manifest is never changed, so every field is read-only. */
type Stored<T> = T extends readonly (infer Item)[]
  ? readonly Stored<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Stored<T[Name]> }
    : T;

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
/** The chain hash of a shard, or the empty string if there is no shard. */
const CHAIN = z.union([SHA256, z.literal('')]);
const COUNT = z.int().nonnegative();
const TIME = z.int().min(-8.64e15).max(8.64e15);
/** A number that may be NaN or infinite; JSON stores null for it. */
const NUMBER = z.custom<number>((value) => value === null || typeof value === 'number', 'expected a number or null');
const RANGE = z.object({ fromMs: z.int(), toMs: z.int() });
const MARKET = z.enum(MARKETS);
const INTERVAL = z.enum(INTERVALS as [Interval, ...Interval[]]);

const OUTPUT = z.object({ key: z.string(), sha256: SHA256, sizeBytes: COUNT, rows: COUNT });
export type ManifestOutput = Stored<z.infer<typeof OUTPUT>>;

const INPUT = z.object({
  key: z.string(),
  sha256: SHA256,
  /** True if a newer version of the same archive file had landed. */
  superseded: z.literal(true).exactOptional(),
  /** Left out if it landed once: then no other landing can change its order among the others. */
  again: LANDED_AGAIN.exactOptional(),
});
export type ManifestInput = Stored<z.infer<typeof INPUT>>;

const FAILED_FILE = z.object({
  source: z.enum(SOURCES),
  /** The whole month or day of the file. */
  range: RANGE,
  error: z.string(),
  message: z.string(),
  /** True if the file landed and cannot be read. */
  landed: z.literal(true).exactOptional(),
});
/** An archive file that supplies no candles, because it was not available or cannot be read. */
export type FailedFile = Stored<z.infer<typeof FAILED_FILE>>;

/** One of two values that differ, and the sha256 of the landed object that contains it. */
const VALUE = z.object({ value: NUMBER, source: z.string(), sha256: z.string() });
const DIFFERENCE = { column: z.string(), kept: VALUE, other: VALUE };
const CONFLICT = z.object({ openTimeMs: TIME, ...DIFFERENCE });
/** Two sources (or two rows of one) that give different values for one candle. */
export type Conflict = Stored<z.infer<typeof CONFLICT>>;

const REPORT = z.object({
  period: z.string(),
  candles: COUNT,
  firstOpenTimeMs: TIME,
  lastOpenTimeMs: TIME,
  labels: COUNT,
  /** Intervals missing between the first and the last candle of the series so far, within this shard. */
  missing: COUNT,
  duplicates: COUNT,
  notClosed: COUNT,
  conflicts: COUNT,
  /** The first few conflicts, with both values. */
  conflictSamples: z.array(CONFLICT),
  /** Candles that landed and are not served, because the symbol had no market then. */
  quarantined: COUNT,
  /** Intervals that the shard's ledger accounts for: its candles and the intervals in `accounted` that have none. */
  grid: COUNT,
  /** Intervals in the ledger by class, and how many of them have a candle. */
  accounted: z.partialRecord(z.enum(GAP_CLASSES), z.object({ intervals: COUNT, candles: COUNT })),
  /** Of the `unknown` intervals, those that were never requested from any source. */
  unasked: COUNT,
  /** The first ranges that an archive file did not supply and that were never requested from REST. */
  holes: z.array(RANGE),
  /** Archive files of the shard that landed and cannot be read. */
  unreadable: z.array(FAILED_FILE).exactOptional(),
  sizeBytes: z.record(z.enum(TABLES), COUNT),
});

/** The report of a shard in one run. */
export interface ShardReport extends Stored<z.infer<typeof REPORT>> {
  readonly manifestKey: string;
  readonly manifestSha256: string;
  readonly recomputed: boolean;
}

/** Intervals in the ledger by class, and how many of them have a candle. */
export type Accounted = ShardReport['accounted'];

const LEDGER = z.object({
  /** The open times that the ledger accounts for. */
  fromMs: TIME,
  toMs: TIME,
  /** Hash of everything except the candles that the ledger was made from. Other evidence gives another hash. */
  basis: z.string(),
  /** Begin and end of the symbol's life, if they are within the period. Candles outside are not served. */
  servedFromMs: TIME.exactOptional(),
  servedToMs: TIME.exactOptional(),
});
/** The evidence that the ledger of a shard was made from. The chain does not contain it. */
export type LedgerLineage = Stored<z.infer<typeof LEDGER>>;

/** The one schema of a manifest of candles: every reader uses it. */
export const MANIFEST = z.object({
  series: z.object({ market: MARKET, symbol: z.string(), interval: INTERVAL }),
  period: z.string(),
  inputs: z.array(INPUT),
  /** sha256 of the code that refines and of its settings. */
  codeHash: z.string(),
  /** Chain hash of the shard before. */
  previousChain: CHAIN,
  /** sha256 over the previous chain, this shard's candle values and the code. The checkpoint has the same. */
  chain: CHAIN,
  checkpoint: z.object({ key: z.string(), sha256: SHA256 }),
  outputs: z.record(z.enum(TABLES), OUTPUT),
  /** Hash and number of the first candles, which the labels of the shard before depend on. */
  head: z.object({ sha256: SHA256, candles: COUNT }),
  /** Hash of the candles after this shard that its labels depend on. */
  lookahead: CHAIN,
  ledger: LEDGER,
  report: REPORT,
});
/** Lineage of a shard, `manifests/…/manifest.json`: its inputs, its code and its outputs, by hash. */
export type Manifest = Stored<z.infer<typeof MANIFEST>>;

const STREAM_CONFLICT = z.object({ timeMs: TIME, ...DIFFERENCE });
/** Two sources (or two rows of one) that give different values for one instant. */
export type StreamConflict = Stored<z.infer<typeof STREAM_CONFLICT>>;

/** `lacking`: the parts of the file's range for which nothing else landed. */
const UNREADABLE_STREAM_FILE = z.object({ ...FAILED_FILE.shape, lacking: z.array(RANGE) });
/** An archive file of a stream that landed and cannot be read. */
export type UnreadableStreamFile = Stored<z.infer<typeof UNREADABLE_STREAM_FILE>>;

const STREAM_REPORT = z.object({
  period: z.string(),
  rows: COUNT,
  sizeBytes: COUNT,
  /** Times of the first and the last row; NaN if there are no rows. */
  firstMs: NUMBER,
  lastMs: NUMBER,
  /** Steps of the grid without a row between the first and the last row of the stream so far, within this shard. */
  missing: COUNT,
  /** Rows that landed and are not served, because the symbol had no market then. */
  quarantined: COUNT,
  duplicates: COUNT,
  conflicts: COUNT,
  /** The first few conflicts, with both values. */
  conflictSamples: z.array(STREAM_CONFLICT),
  /** Archive files that begin in the shard, landed and cannot be read. */
  unreadable: z.array(UNREADABLE_STREAM_FILE).exactOptional(),
});

/** The report of a stream's shard in one run. */
export interface StreamShardReport extends Stored<z.infer<typeof STREAM_REPORT>> {
  readonly recomputed: boolean;
}

/** The one schema of a manifest of a stream: every reader uses it. */
export const STREAM_MANIFEST = z.object({
  stream: z.object({
    name: z.enum(STREAM_NAMES),
    market: MARKET,
    symbol: z.string().exactOptional(),
    interval: INTERVAL.exactOptional(),
  }),
  period: z.string(),
  /** Keys of the receipts that it was made from, in key order. */
  inputs: z.array(z.string()).min(1),
  /** Those inputs of which a newer version of the same archive file had landed. */
  superseded: z.array(z.string()).exactOptional(),
  /** The landing times of those inputs that landed more than once, by key. */
  again: z.record(z.string(), LANDED_AGAIN).exactOptional(),
  /** Begin and end of the symbol's life, if they are within the period. Rows outside are not served. */
  servedFromMs: TIME.exactOptional(),
  servedToMs: TIME.exactOptional(),
  codeHash: z.string(),
  /** sha256 of the `carry` of the shard before. */
  before: SHA256,
  /** Absent if nothing that landed has a row. */
  output: OUTPUT.exactOptional(),
  report: STREAM_REPORT,
  /** The state that the next shard continues from. */
  carry: z.string(),
});
/** Lineage of a shard of a stream, `manifests/streams/…/manifest.json`. */
export type StreamManifest = Stored<z.infer<typeof STREAM_MANIFEST>>;
