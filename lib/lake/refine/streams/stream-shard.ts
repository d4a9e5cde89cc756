import type { ColumnValues, TextValues } from '../../../parquet/table-values.ts';
import type { StreamShardReport } from '../../manifest/contract.ts';

/** Conflicts of a shard that are told in full. */
export const MAX_SAMPLES = 20;

/** One shard of a stream, as columns, and what is said of it; its first and last time are NaN without rows. */
export interface StreamShard extends Omit<StreamShardReport, 'period' | 'recomputed' | 'sizeBytes'> {
  readonly columns: ReadonlyMap<string, ColumnValues>;
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
