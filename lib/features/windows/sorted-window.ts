/**
 * The last `length` values of a series in order; the oldest leaves before the next comes. Equal values stay in the
 * order in which they were added. The list keeps a finger: the node of the latest value, and the place of that node.
 * Consecutive values of a series are close to each other, so the next value is inserted a few steps from the finger.
 * Nothing is searched, counted or moved.
 */
export class SortedWindow {
  private readonly length: number;
  private readonly bottom: number;
  private readonly top: number;
  // One node a row of the window, used again for the row that comes when it leaves, and one at each end.
  private readonly values: Float64Array;
  private readonly above: Int32Array;
  private readonly below: Int32Array;
  private finger: number;
  /** The number of nodes up to the finger, the finger included. */
  private rank = 0;
  private oldest = 0;

  constructor(length: number) {
    this.length = length;
    this.bottom = length;
    this.top = length + 1;
    this.values = new Float64Array(length + 2);
    this.above = new Int32Array(length + 2);
    this.below = new Int32Array(length + 2);
    this.finger = this.bottom;
  }

  /** Holds rows `[from, to)` of x, one less than the window's length. */
  begin(x: Float64Array, from: number, to: number): void {
    this.above[this.bottom] = this.top;
    this.below[this.top] = this.bottom;
    this.finger = this.bottom;
    this.rank = 0;
    this.oldest = this.length - 1;
    for (let i = from; i < to; i++) this.insert(i - from, x[i]);
  }

  /** Takes in the next value and returns twice the mean of the ranks, 1 the lowest, of all values equal to it. */
  twiceMeanRank(value: number): number {
    const { values, below, bottom } = this;
    this.insert(this.oldest, value);
    this.oldest = this.oldest + 1 === this.length ? 0 : this.oldest + 1;
    let equal = 1;
    for (let node = below[this.finger]; node !== bottom && values[node] === value; node = below[node]) equal++;
    const twice = 2 * this.rank - equal + 1;
    // At once, so that its node is free for the row that comes.
    this.remove(this.oldest);
    return twice;
  }

  private insert(node: number, value: number): void {
    const { values, above, below, bottom, top } = this;
    let { finger: under, rank } = this;
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
    this.finger = node;
    this.rank = rank + 1;
  }

  private remove(node: number): void {
    const { values, above, below, finger } = this;
    const under = below[node];
    const over = above[node];
    above[under] = over;
    below[over] = under;
    // Among equal values, the node of the finger is the last.
    if (node === finger) {
      this.finger = under;
      this.rank--;
    } else if (values[node] <= values[finger]) this.rank--;
  }
}
