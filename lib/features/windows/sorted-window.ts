/** The last values of a series in order; the oldest leaves before the next comes. */
export interface SortedWindow {
  /** Holds rows `[from, to)` of x, one less than the window's length. */
  begin(x: Float64Array, from: number, to: number): void;
  /** Takes in the next value and returns twice the mean of the ranks, 1 the lowest, of all values equal to it. */
  twiceMeanRank(value: number): number;
}

/**
 * Makes a sorted list of the values of a window. Equal values stay in the order in which they were added. The list
 * keeps a finger: the node of the latest value, and the place of that node. Consecutive values of a series are close to
 * each other, so the next value is inserted a few steps from the finger. Nothing is searched, counted or moved.
 */
export function sortedWindow(length: number): SortedWindow {
  const bottom = length;
  const top = length + 1;
  // One node a row of the window, used again for the row that comes when it leaves, and one at each end.
  const values = new Float64Array(length + 2);
  const above = new Int32Array(length + 2);
  const below = new Int32Array(length + 2);
  let finger = bottom;
  /** The number of nodes up to the finger, the finger included. */
  let rank = 0;
  let oldest = 0;

  function insert(node: number, value: number): void {
    let under = finger;
    while (above[under] !== top && values[above[under]] <= value) {
      under = above[under];
      rank++;
    }
    while (under !== bottom && values[under] > value) {
      under = below[under];
      rank--;
    }
    const over = above[under];
    values[node] = value;
    below[node] = under;
    above[node] = over;
    above[under] = node;
    below[over] = node;
    finger = node;
    rank++;
  }

  function remove(node: number): void {
    const under = below[node];
    const over = above[node];
    above[under] = over;
    below[over] = under;
    // Among equal values, the node of the finger is the last.
    if (node === finger) {
      finger = under;
      rank--;
    } else if (values[node] <= values[finger]) rank--;
  }

  return {
    begin(x, from, to) {
      above[bottom] = top;
      below[top] = bottom;
      finger = bottom;
      rank = 0;
      oldest = length - 1;
      for (let i = from; i < to; i++) insert(i - from, x[i]);
    },
    twiceMeanRank(value) {
      insert(oldest, value);
      oldest = oldest + 1 === length ? 0 : oldest + 1;
      let equal = 1;
      for (let node = below[finger]; node !== bottom && values[node] === value; node = below[node]) equal++;
      const twice = 2 * rank - equal + 1;
      // At once, so that its node is free for the row that comes.
      remove(oldest);
      return twice;
    },
  };
}
