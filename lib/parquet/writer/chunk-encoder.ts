import type { ColumnSchema } from '../../domain/table-schema.ts';
import type { Encoding } from './format.ts';
import type { Statistics } from './statistics.ts';

/** A dictionary page before compression. */
export interface Dictionary {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Makes the pages of one column of one row group. */
export interface ChunkEncoder {
  readonly encoding: Encoding;
  /** Absent if the column has no dictionary, or no value. */
  readonly dictionary?: Dictionary;
  /**
   * Makes the body of the page of the rows `[begin, end)` of the column: levels, then values. Pages are made in order.
   * @returns a view that is valid until the next page
   * @throws Error if a value does not fit the column
   */
  page(begin: number, end: number): Uint8Array;
  /** The statistics of the pages made so far. */
  statistics(): Statistics;
}

/** @throws Error if a column that has a value in each row has nulls */
export function refuseNulls({ name, nullable }: ColumnSchema, nulls: number): void {
  if (nulls > 0 && !nullable) throw new Error(`column ${name} has ${nulls} undefined values`);
}
