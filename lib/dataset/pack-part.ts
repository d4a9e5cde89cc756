import type { Interval } from '../domain/interval.ts';
import type { LakeShard } from './lake-shards.ts';

/** The rows of a pack that come from one shard, in order of time; all but their features. */
export interface PackPart {
  readonly shard: LakeShard;
  /** Row in the shard's candles and features. */
  readonly row: Uint32Array;
  readonly openTimeMs: Float64Array;
  /** When the label begins: the close of the row's candle, from which its outcome is measured. */
  readonly t0: Float64Array;
  /** When the label's outcome is known; NaN if it is not decided yet. */
  readonly t1: Float64Array;
  readonly label: Float64Array;
  readonly weight: Float64Array;
  /** Direction of the row's own candle, 1, −1 or 0, for the naive baselines. */
  readonly direction: Float64Array;
  readonly open: Float64Array;
  readonly close: Float64Array;
  /** Rows of longer intervals, in the order of the request. */
  readonly joined: readonly JoinedRows[];
}

/** For each row of a part, the last row of a longer interval that was known at its `t0`. */
interface JoinedRows {
  readonly interval: Interval;
  /** The shards of that interval in the order of time. */
  readonly shards: readonly LakeShard[];
  /** Row, counted over all those shards; -1 if none was known. */
  readonly row: Int32Array;
  /** When the joined row was known; NaN if none was. */
  readonly knownAtMs: Float64Array;
}

/** Returns the part with only the rows that the mask keeps. */
export function filterPart(part: PackPart, isKept: readonly boolean[] | ((row: number) => boolean)): PackPart {
  const keeps = typeof isKept === 'function' ? isKept : (row: number) => isKept[row];
  const of = <T extends Float64Array | Uint32Array | Int32Array>(values: T) =>
    values.filter((_: number, row: number) => keeps(row)) as T;
  return {
    shard: part.shard,
    row: of(part.row),
    openTimeMs: of(part.openTimeMs),
    t0: of(part.t0),
    t1: of(part.t1),
    label: of(part.label),
    weight: of(part.weight),
    direction: of(part.direction),
    open: of(part.open),
    close: of(part.close),
    joined: part.joined.map(({ row, knownAtMs, ...rest }) => ({ ...rest, row: of(row), knownAtMs: of(knownAtMs) })),
  };
}

/** Returns one column of all parts, one after the other. */
export function joinParts(parts: readonly PackPart[], of: (part: PackPart) => Float64Array): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.t0.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(of(part), at);
    at += part.t0.length;
  }
  return joined;
}
