import type { StreamConflict } from '../contract.ts';
import type { ColumnValues, TextValues } from '../parquet.ts';

/** Conflicts of a shard that are told in full. */
export const MAX_SAMPLES = 20;

/** One shard of a stream, as columns. */
export interface StreamShard {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnValues>;
  /** Time of the first and of the last row; NaN without rows. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Steps of the grid without a row between the first and the last row of the stream so far, within this shard. */
  readonly missing: number;
  /** Times of which something landed that is not served, because the symbol had no market then. */
  readonly quarantined: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly conflictSamples: readonly StreamConflict[];
  /** What the next shard goes on from. */
  readonly carry: string;
}

/** A column of numbers; undefined is null. */
export function numberColumn(values: readonly (number | undefined)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

/** A column of text; undefined is null. */
export function textColumn(values: readonly (string | undefined)[]): TextValues {
  const words = [...new Set(values)];
  const codeOf = new Map(words.map((word, code) => [word, code]));
  return { words: words.map((word) => word ?? null), codes: Uint32Array.from(values, (value) => codeOf.get(value)!) };
}
