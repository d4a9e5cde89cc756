import { type FoldReport, ROLES } from './contract.ts';

/** A fold: the blocks that it tests, and those that it may train on. */
export interface Fold extends Pick<FoldReport, 'name' | 'kind' | 'testBlocks'> {
  readonly trainBlocks: readonly number[];
}

/**
 * The folds over `folds + 1` blocks of time. Walk-forward `wf_k` tests block k and trains on all before it, so that
 * every row after block 0 is tested exactly once. Combinatorial `cpcv_i_j` tests blocks i and j and trains on the
 * others, for every pair. López de Prado (2018), ch. 7 and 12.
 */
export function foldsOver(folds: number): Fold[] {
  const blocks = Array.from({ length: folds + 1 }, (_, block) => block);
  const walkForward = blocks.slice(1).map((block): Fold => {
    return { name: `wf_${block}`, kind: 'walk_forward', testBlocks: [block], trainBlocks: blocks.slice(0, block) };
  });
  const combinatorial = blocks.flatMap((first) =>
    blocks.slice(first + 1).map((second): Fold => {
      const trainBlocks = blocks.filter((block) => block !== first && block !== second);
      return {
        name: `cpcv_${first}_${second}`,
        kind: 'combinatorial',
        testBlocks: [first, second],
        trainBlocks,
      };
    }),
  );
  return [...walkForward, ...combinatorial];
}

/** From the first `t0` to the last `t1` of the rows of a block. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Returns the span of each block's labels. They reach into the next block. */
export function spansOf(t0: Float64Array, t1: Float64Array, block: Uint8Array, blocks: number): Span[] {
  const spans = Array.from({ length: blocks }, () => ({ fromMs: Infinity, toMs: -Infinity }));
  for (let row = 0; row < t0.length; row++) {
    const span = spans[block[row]];
    if (t0[row] < span.fromMs) span.fromMs = t0[row];
    if (t1[row] > span.toMs) span.toMs = t1[row];
  }
  return spans;
}

/**
 * Returns the role of each row in a fold. A row of a training block is purged if its label `[t0, t1]`, widened by the
 * embargo on both sides, touches the span of a test block. The rows of all symbols count, because symbols move
 * together. The book embargoes after the test only. A gap before it too costs little, and it holds in walk-forward.
 */
export function rolesIn(
  { testBlocks, trainBlocks }: Fold,
  t0: Float64Array,
  t1: Float64Array,
  block: Uint8Array,
  spans: readonly Span[],
  embargoMs: number,
): Int8Array {
  const roles = new Int8Array(t0.length);
  const tested = testBlocks.map((test) => spans[test]);
  const role = spans.map((_, b) =>
    testBlocks.includes(b) ? ROLES.test : trainBlocks.includes(b) ? ROLES.train : ROLES.unused,
  );
  for (let row = 0; row < roles.length; row++) {
    roles[row] = role[block[row]];
    if (roles[row] !== ROLES.train) continue;
    for (const { fromMs, toMs } of tested) {
      if (t1[row] + embargoMs >= fromMs && t0[row] - embargoMs <= toMs) roles[row] = ROLES.purged;
    }
  }
  return roles;
}
