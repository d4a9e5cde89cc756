/** The lowest rank with a mid-rank × 2 of at least `least`, and the number of held ranks below it. */
interface Cut {
  readonly least: number;
  rank: number;
  below: number;
}

/**
 * A window of `length` ranks out of at most `most`, with their counts. It tells the third of a rank by its mid-rank.
 * Mid-ranks grow with the rank, so a third is a range of ranks, and the two cuts between the thirds move by about one
 * held rank per row. A bitmap marks held ranks, so a gap between two clusters of values is crossed 32 ranks at a time.
 */
export class RankWindow {
  private readonly held: Uint32Array;
  private readonly marks: Int32Array;
  private readonly lower: Cut;
  private readonly upper: Cut;
  private beyond = 1;

  constructor(length: number, most: number) {
    this.held = new Uint32Array(most + 2);
    this.marks = new Int32Array((most >> 5) + 2);
    this.lower = { least: Math.ceil((2 * length) / 3), rank: 1, below: 0 };
    this.upper = { least: Math.ceil((4 * length) / 3), rank: 1, below: 0 };
  }

  /** Empties the window, for ranks 1 to `size`. */
  clear(size: number): void {
    this.beyond = size + 1;
    this.held.fill(0, 0, size + 2);
    this.marks.fill(0, 0, (size >> 5) + 2);
    for (const cut of [this.lower, this.upper]) {
      cut.rank = 1;
      cut.below = 0;
    }
  }

  add(rank: number): void {
    const { held, marks, lower, upper } = this;
    if (held[rank]++ === 0) marks[rank >> 5] |= 1 << (rank & 31);
    if (rank < lower.rank) lower.below++;
    if (rank < upper.rank) upper.below++;
  }

  remove(rank: number): void {
    const { held, marks, lower, upper } = this;
    if (--held[rank] === 0) marks[rank >> 5] &= ~(1 << (rank & 31));
    if (rank < lower.rank) lower.below--;
    if (rank < upper.rank) upper.below--;
  }

  /** Returns the third of a held rank, 0 the lowest: by (ranks below + half of the equal ones) ÷ length. */
  thirdOf(rank: number): 0 | 1 | 2 {
    this.settle(this.lower);
    this.settle(this.upper);
    return rank < this.lower.rank ? 0 : rank < this.upper.rank ? 1 : 2;
  }

  private settle(cut: Cut): void {
    const { held, beyond } = this;
    const { least } = cut;
    let { rank, below } = cut;
    while (rank < beyond && 2 * below + held[rank] < least) {
      below += held[rank];
      rank = this.heldAfter(rank);
    }
    for (let before = this.heldBefore(rank); before > 0; before = this.heldBefore(rank)) {
      const belowIt = below - held[before];
      if (2 * belowIt + held[before] < least) break;
      rank = before;
      below = belowIt;
    }
    cut.rank = rank;
    cut.below = below;
  }

  /** Returns the next held rank, or the one beyond all. */
  private heldAfter(rank: number): number {
    const { marks, beyond } = this;
    let word = (rank + 1) >> 5;
    let bits = marks[word] & (-1 << ((rank + 1) & 31));
    const last = beyond >> 5;
    while (bits === 0) {
      if (++word > last) return beyond;
      bits = marks[word];
    }
    return (word << 5) + 31 - Math.clz32(bits & -bits);
  }

  /** Returns the held rank before this one, or 0. */
  private heldBefore(rank: number): number {
    const { marks } = this;
    let word = rank >> 5;
    let bits = marks[word] & ~(-1 << (rank & 31));
    while (bits === 0) {
      if (--word < 0) return 0;
      bits = marks[word];
    }
    return (word << 5) + 31 - Math.clz32(bits);
  }
}
