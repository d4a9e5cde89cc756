import type { Interval } from '../domain/interval.ts';
import type { Market } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import type { Series } from '../domain/series.ts';
import type { TableSchema } from '../domain/table-schema.ts';
import type { FeatureSet } from '../features/feature-row.ts';

/** What a user asks of the dataset stage, word by word. */
export interface DatasetInput {
  readonly symbols: readonly string[];
  readonly interval: string;
  /** First open time, ISO 8601. */
  readonly from: string;
  /** Open times before this, ISO 8601. */
  readonly to: string;
  readonly market?: string;
  readonly set?: string;
  readonly label?: string;
  readonly folds?: number;
  /** Such as `1d`, `12h`, `30m` or `0`. */
  readonly embargo?: string;
}

/** The same, checked, in one spelling: part of the dataset id. */
export interface DatasetRequest {
  readonly market: Market;
  readonly symbols: readonly string[];
  readonly interval: Interval;
  readonly fromMs: number;
  readonly toMs: number;
  readonly set: FeatureSet;
  readonly label: DatasetLabel;
  readonly folds: number;
  readonly embargoMs: number;
}

/** Labels that a pack can be made for. */
export const DATASET_LABELS = [
  'signal',
  'tb_2_20',
  'trend_up_15',
  'fwd_return_1',
  'fwd_return_5',
  'fwd_return_15',
  'fwd_return_60',
] as const;
export type DatasetLabel = (typeof DATASET_LABELS)[number];

/** What a row is in a fold, as the fold columns of the pack say it. */
export const ROLES = { purged: -1, unused: 0, train: 1, test: 2 } as const;

/** Columns of numbers, or of text by dictionary. */
export type PackColumn = Float64Array | { readonly words: readonly string[]; readonly codes: Uint8Array };

/** Writes a table as Parquet; the bytes are a function of what is given alone. */
export type EncodeTable = (
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, PackColumn>,
) => Uint8Array | Promise<Uint8Array>;

/** One fold: which blocks of time it tests, how many rows it trains on, and what fell between. */
export interface FoldReport {
  readonly name: string;
  readonly kind: 'walk_forward' | 'combinatorial';
  readonly testBlocks: readonly number[];
  readonly train: number;
  readonly purged: number;
  readonly test: number;
  /** Score of each baseline on the test rows. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What a dataset id stands for, `datasets/<id>.json` in the lake: enough to make all of it again. */
export interface DatasetRecord {
  readonly id: string;
  readonly request: DatasetRequest;
  /** Of the code that makes packs, which is part of the id. */
  readonly codeHash: string;
  /** The commit of that code, where it is known. */
  readonly commit?: string;
  /**
   * The shards named by the id, those before them, which they remember, and those after them, which labels look at. What
   * landed for each is in the record of its version.
   */
  readonly shards: readonly RecordedShard[];
  /** Files of the pack; left out where none was made. */
  readonly files?: readonly PackFile[];
}

export interface RecordedShard {
  readonly series: Series;
  readonly period: Period;
  readonly manifestSha256: string;
  /** Of the code that made it. */
  readonly codeHash: string;
  /** sha256 of each table. */
  readonly outputs: Readonly<Record<string, string>>;
  /** True where rows of it are in the dataset. */
  readonly named: boolean;
}

export interface PackFile {
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rows: number;
}

/** `manifest.json` of a training pack. While the pack is being written it holds `id` and `complete: false` only. */
export interface DatasetManifest {
  /** sha256 over inputs, code and request. */
  readonly id: string;
  readonly complete: true;
  readonly request: DatasetRequest;
  readonly codeHash: string;
  /** The lake's objects that the pack was made from. */
  readonly inputs: readonly { readonly key: string; readonly sha256: string }[];
  readonly features: readonly string[];
  /** The label's column, the column that says when it ends, and where the weights come from. */
  readonly label: { readonly column: DatasetLabel; readonly t1: string; readonly weight: string };
  readonly rows: number;
  /** Blocks of time, with the first and the last `t0` in each. */
  readonly blocks: readonly { readonly first: string; readonly last: string; readonly rows: number }[];
  readonly folds: readonly FoldReport[];
  readonly files: readonly PackFile[];
}
