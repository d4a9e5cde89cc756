import type { Interval } from '../domain/interval.ts';
import type { ColumnType } from '../domain/table-schema.ts';

/** One label: its columns, and the function that computes them. docs/add-a-label.md says how to add one. */
export interface Label<Name extends string = string> {
  readonly columns: readonly LabelRow<Name>[];
  /** Number of candles before a row that the label reads; 0 if left out. */
  readonly lookback?: (interval: Interval) => number;
  /** True if the label reads no candle after the one that ends `signal`. */
  readonly endsWithSignal?: true;
  /** Writes the columns for the rows of the scene. They contain NaN before the call. */
  write(columns: Readonly<Record<Name, Float64Array>>, scene: LabelScene): void;
}

/** One column of `labels`, as the schema, the command, the documents and training packs describe it. */
export interface LabelRow<Name extends string = string> {
  readonly name: Name;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** One sentence, without the values. */
  readonly meaning: string;
  readonly formula: string;
  readonly unit: 'instant' | 'class' | 'flag' | 'fraction' | 'candles' | 'weight';
  /** The values that the column can have. The n-th one is class n of a training pack. */
  readonly values?: readonly LabelValue[];
  /** Number of later candles that the column can depend on. */
  readonly horizon: (interval: Interval) => number;
  /** The instant from which the value is known. */
  readonly known: string;
  readonly source: string;
  /** Given if a training pack can be made for the column. */
  readonly pack?: LabelPack;
}

export interface LabelValue {
  readonly value: number;
  readonly meaning: string;
}

/**
 * The part of a label that a training pack uses. Labels of a fixed horizon overlap equally, so their rows weigh
 * equally.
 */
export interface LabelPack {
  /**
   * The column with the instant at which the label is decided. `known_at` is never earlier, so it purges enough rows.
   */
  readonly end: string;
  /**
   * `uniqueness`: that column. `over_rows`: average uniqueness over the rows of the pack, per symbol. `equal`: 1 each.
   */
  readonly weight: 'uniqueness' | 'over_rows' | 'equal';
  /** The values for a close that rises, falls and stays; left out if the label is a return. */
  readonly directions?: { readonly up: number; readonly down: number; readonly flat: number };
}

/**
 * Candles with rows to label among them, those before that labels look back at, and those after that decide them. σ is
 * `volatility_7d`, NaN if undefined.
 */
export interface LabelWindow {
  readonly openTimeMs: Float64Array;
  readonly knownAtMs: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly sigma: Float64Array;
}

/** The candles and the rows to label. */
export interface LabelScene {
  readonly interval: Interval;
  readonly window: LabelWindow;
  /** Rows of the window whose labels are all decided. */
  readonly rows: Int32Array;
  /** First row whose labels can still be open at one of `rows`, and the end of those that overlap them. */
  readonly from: number;
  readonly to: number;
  /** Row that ends the `signal` of each row; see `signalExits`. */
  readonly exits: Int32Array;
}
