import type { Interval } from '../domain/interval.ts';
import type { Market } from '../domain/market.ts';
import type { Period } from '../domain/period.ts';
import type { TableSchema } from '../domain/table-schema.ts';
import type { FeatureSet } from '../features/feature-row.ts';
import { LABEL_TABLE } from '../labels/label-table.ts';
import type { PackFile } from '../lake/versions/dataset-record.ts';
import type { ColumnValues } from '../parquet/table-values.ts';

/** A user's request for a dataset, as text. */
export interface DatasetInput {
  readonly symbols: readonly string[];
  /** One interval, or several separated by commas: that of the rows first, then longer ones to join. */
  readonly interval: string;
  /** First open time, ISO 8601; or a period instead. */
  readonly from?: string;
  /** Open times before this, ISO 8601. If it is left out: the close of the newest candle in the lake. */
  readonly to?: string;
  /** Such as `30d 6m 1y`, back from `to`. If neither it nor `from` is given: a year. */
  readonly period?: string;
  readonly market?: string;
  readonly set?: string;
  /** Names of the features, instead of a set. */
  readonly columns?: readonly string[];
  readonly label?: string;
  readonly folds?: number;
  /** Such as `1d`, `12h`, `30m` or `0`. */
  readonly embargo?: string;
  /** Such as `20%` or `60d`. */
  readonly holdOut?: string;
  /** `keep` or `drop`: what happens to rows with a null feature. */
  readonly nulls?: string;
  readonly withUnlabelled?: boolean;
}

/** A request whose range is settled. */
export type RangedInput = DatasetInput & { readonly from: string; readonly to: string };

/** The same, checked, in one spelling: part of the dataset id. */
export interface DatasetRequest {
  readonly market: Market;
  readonly symbols: readonly string[];
  /** The interval of the rows. */
  readonly interval: Interval;
  /** Longer intervals, ascending. Each row has the features of their last candle that had closed. */
  readonly joined: readonly Interval[];
  readonly fromMs: number;
  readonly toMs: number;
  /** `columns`: those of the request. */
  readonly set: FeatureSet | 'columns';
  readonly columns?: readonly string[];
  readonly label: DatasetLabel;
  readonly folds: number;
  readonly embargoMs: number;
  readonly holdOut?: HoldOut;
  /** The rule for rows with a null feature. */
  readonly nulls: NullRule;
  /** True if rows whose label is not decided yet are in the pack. */
  readonly withUnlabelled: boolean;
}

/** The last part of the labelled rows, kept out of all folds. */
export type HoldOut = { readonly share: number } | { readonly spanMs: number };

export const NULL_RULES = ['keep', 'drop'] as const;
type NullRule = (typeof NULL_RULES)[number];

/** Labels that a pack can be made for. */
export type DatasetLabel = Extract<(typeof LABEL_TABLE)[number], { readonly pack: object }>['name'];
export const DATASET_LABELS = LABEL_TABLE.flatMap((row): DatasetLabel[] => ('pack' in row ? [row.name] : []));

/** The role of a row in a fold, as the fold columns of the pack have it. `predict` rows have no label yet. */
export const ROLES = { purged: -1, unused: 0, train: 1, test: 2, predict: 3 } as const;

/**
 * Writes a table as Parquet; the bytes are a function of what is given alone. It is passed in, so that the code of the
 * writer is no part of dataset ids, which are of values.
 */
export type EncodeTable = (
  schema: TableSchema,
  length: number,
  columns: ReadonlyMap<string, ColumnValues>,
) => Uint8Array | Promise<Uint8Array>;

/** One fold: which blocks of time it tests, how many rows it trains on, and what fell between. */
export interface FoldReport {
  readonly name: string;
  readonly kind: 'walk_forward' | 'combinatorial' | 'hold_out';
  readonly testBlocks: readonly number[];
  readonly train: number;
  readonly purged: number;
  readonly test: number;
  /** Rows of each class of the label, class 0 first; left out if the label is a return. */
  readonly classes?: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** Score of each baseline on the test rows. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The rows that a pack takes from one shard, by the hash of all their values. */
export interface UsedRows {
  readonly symbol: string;
  readonly period: Period;
  readonly rows: number;
  readonly sha256: string;
}

/** The meaning of the label of a pack. */
export interface LabelNote {
  readonly column: DatasetLabel;
  /** The column of the lake that says when the label ends, and the source of the weights. */
  readonly t1: string;
  readonly weight: string;
  readonly meaning: string;
  /** The classes of `label_class` with the value that `label` has; left out if the label is a return. */
  readonly classes?: readonly {
    readonly class: number;
    readonly value: number;
    readonly meaning: string;
    readonly rows: number;
  }[];
}

/** Rows of the range with a null feature. */
export interface NullNote {
  readonly rule: NullRule;
  /** Rows that have one, before any were dropped. */
  readonly rows: number;
  /** Nulls by feature, of the features that have any. */
  readonly columns: Readonly<Record<string, number>>;
  /** Features that have no value at their interval, and so are not in a pack that drops nulls. */
  readonly leftOut: readonly string[];
}

/** Rows of the range that are not in the pack, by reason. */
export interface CutRows {
  /** The label is not decided yet. */
  readonly undecided: number;
  /** The label has no value, because its σ is null or zero. */
  readonly noLabel: number;
  /** A feature is null, and the rule is to drop such rows. */
  readonly nullFeature: number;
}

/** `manifest.json` of a training pack. While the pack is being written it holds `id` and `complete: false` only. */
export interface DatasetManifest {
  /** sha256 over inputs, code and request. */
  readonly id: string;
  readonly complete: true;
  readonly request: DatasetRequest;
  readonly codeHash: string;
  /** The rows that are used. The lake objects that they come from are in the lake's `datasets/<id>.json`. */
  readonly inputs: readonly UsedRows[];
  readonly features: readonly string[];
  /** The other columns and what each means. None of them is a feature. */
  readonly columns: Readonly<Record<string, string>>;
  readonly label: LabelNote;
  /** All rows, and of those the ones without a label. */
  readonly rows: number;
  readonly unlabelled: number;
  readonly cut: CutRows;
  readonly nulls: NullNote;
  /** Blocks of time, with the first and the last `t0` in each. */
  readonly blocks: readonly { readonly first: string; readonly last: string; readonly rows: number }[];
  readonly folds: readonly FoldReport[];
  readonly holdOut?: FoldReport;
  readonly files: readonly PackFile[];
}
