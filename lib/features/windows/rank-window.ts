/** The ranks in a window, with counts, and the third in which a rank is by its mid-rank. */
export interface RankWindow {
  /** Empties the window, for ranks 1 to `size`. */
  clear(size: number): void;
  add(rank: number): void;
  remove(rank: number): void;
  /** Returns the third of a held rank, 0 the lowest: by (ranks below + half of the equal ones) ÷ length. */
  thirdOf(rank: number): 0 | 1 | 2;
}

/** The lowest rank with a mid-rank × 2 of at least `least`, and the number of held ranks below it. */
interface Cut {
  readonly least: number;
  rank: number;
  below: number;
}

/**
 * Makes a window of `length` ranks out of at most `most`. Mid-ranks grow with the rank, so a third is a range of ranks,
 * and the two cuts between the thirds move by about one held rank per row. A bitmap marks held ranks, so a gap between
 * two clusters of values is crossed 32 ranks at a time.
 */
export function rankWindow(length: number, most: number): RankWindow {
  const held = new Uint32Array(most + 2);
  const marks = new Int32Array((most >> 5) + 2);
  const lower: Cut = { least: Math.ceil((2 * length) / 3), rank: 1, below: 0 };
  const upper: Cut = { least: Math.ceil((4 * length) / 3), rank: 1, below: 0 };
  let beyond = 1;

  /** Returns the next held rank, or the one beyond all. */
  function heldAfter(rank: number): number {
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
  function heldBefore(rank: number): number {
    let word = rank >> 5;
    let bits = marks[word] & ~(-1 << (rank & 31));
    while (bits === 0) {
      if (--word < 0) return 0;
      bits = marks[word];
    }
    return (word << 5) + 31 - Math.clz32(bits);
  }

  function settle(cut: Cut): void {
    const { least } = cut;
    let { rank, below } = cut;
    while (rank < beyond && 2 * below + held[rank] < least) {
      below += held[rank];
      rank = heldAfter(rank);
    }
    for (let before = heldBefore(rank); before > 0; before = heldBefore(rank)) {
      const belowIt = below - held[before];
      if (2 * belowIt + held[before] < least) break;
      rank = before;
      below = belowIt;
    }
    cut.rank = rank;
    cut.below = below;
  }

  return {
    clear(size) {
      beyond = size + 1;
      held.fill(0, 0, size + 2);
      marks.fill(0, 0, (size >> 5) + 2);
      lower.rank = 1;
      lower.below = 0;
      upper.rank = 1;
      upper.below = 0;
    },
    add(rank) {
      if (held[rank]++ === 0) marks[rank >> 5] |= 1 << (rank & 31);
      if (rank < lower.rank) lower.below++;
      if (rank < upper.rank) upper.below++;
    },
    remove(rank) {
      if (--held[rank] === 0) marks[rank >> 5] &= ~(1 << (rank & 31));
      if (rank < lower.rank) lower.below--;
      if (rank < upper.rank) upper.below--;
    },
    thirdOf(rank) {
      settle(lower);
      settle(upper);
      return rank < lower.rank ? 0 : rank < upper.rank ? 1 : 2;
    },
  };
}
