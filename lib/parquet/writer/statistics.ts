/** The statistics of a column chunk. Bounds are plain-encoded, and absent if all values are null. */
export interface Statistics {
  readonly nulls: number;
  readonly min?: Bound;
  readonly max?: Bound;
}

export interface Bound {
  readonly bytes: Uint8Array;
  /** False if the bound lies beyond the values, because it was cut. */
  readonly isExact: boolean;
}

/** Writes a number in the plain encoding of a type. */
export const PLAIN = {
  INT32: (value: number) => new Uint8Array(Int32Array.of(value).buffer),
  INT64: (value: number) => new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
  FLOAT: (value: number) => new Uint8Array(Float32Array.of(value).buffer),
  DOUBLE: (value: number) => new Uint8Array(Float64Array.of(value).buffer),
} as const;

/** Collects the bounds of the numbers of a chunk. */
export class NumberBounds {
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  add(min: number, max: number): void {
    if (min < this.min) this.min = min;
    if (max > this.max) this.max = max;
  }

  /**
   * Returns the statistics. A bound of zero is −0 below and +0 above, because the two are equal and no reader may skip
   * one for the other (parquet.thrift, ColumnOrder).
   */
  statistics(type: keyof typeof PLAIN, nulls: number): Statistics {
    if (this.min > this.max) return { nulls };
    const isFloating = type === 'FLOAT' || type === 'DOUBLE';
    const min = this.min === 0 ? (isFloating ? -0 : 0) : this.min;
    const max = this.max === 0 ? 0 : this.max;
    const exact = (value: number): Bound => ({ bytes: PLAIN[type](value), isExact: true });
    return { nulls, min: exact(min), max: exact(max) };
  }
}
