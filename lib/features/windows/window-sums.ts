/** Writes one value for the window that ends at each row of `[begin, end)`. */
export type OverWindows = (
  /** Read from row `begin - length + 1` on. */
  x: Float64Array,
  out: Float64Array,
  begin: number,
  end: number,
  /** Rows of the series before row `begin`. */
  index: number,
) => void;

/**
 * Returns a function that sums the last `length` values at each row. It never subtracts: a window is the end of one
 * block of `length` rows and the beginning of the next. A running sum goes backwards over the one and forwards over the
 * other, which takes three additions a row. So a huge value that leaves the window leaves no trace, and nothing drifts.
 * Blocks are anchored to the row's index in the series. A window that contains NaN has the sum NaN.
 */
export function windowSums(length: number): OverWindows {
  const ends = new Float64Array(length + 1);
  return (x, out, begin, end, index) => {
    let place = index % length;
    for (let i = begin; i < end; place = 0) {
      const block = i - place;
      let sum = 0;
      for (let k = length - 1; k > place; k--) {
        sum += x[block - length + k];
        ends[k] = sum;
      }
      let start = 0;
      for (let j = block; j < i; j++) start += x[j];
      const stop = Math.min(end, block + length);
      for (; i < stop; i++) {
        start += x[i];
        out[i] = ends[++place] + start;
      }
    }
  };
}

/**
 * Returns a function that sums the last `length` values with weights, 1 for the oldest and `length` for the latest. It
 * works as `windowSums` does, with four additions and one product a row.
 */
export function windowWeightedSums(length: number): OverWindows {
  const ends = new Float64Array(length + 1);
  return (x, out, begin, end, index) => {
    let place = index % length;
    for (let i = begin; i < end; place = 0) {
      const block = i - place;
      let sum = 0;
      let weighted = 0;
      for (let k = length - 1; k > place; k--) {
        sum += x[block - length + k];
        weighted += sum;
        ends[k] = weighted;
      }
      let start = 0;
      let startWeighted = 0;
      const stop = Math.min(end, block + length);
      for (let j = block; j < stop; j++) {
        const rank = j - block + 1;
        start += x[j];
        startWeighted += rank * x[j];
        if (j >= i) out[j] = ends[rank] + (length - rank) * start + startWeighted;
      }
      i = stop;
    }
  };
}

/** Returns the doubles of scratch that the twin of `windowSums` needs. */
export function sumsScratch(length: number): number {
  return 4 * (length + 1);
}
