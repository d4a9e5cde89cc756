import type { Interval } from '../domain/interval.ts';
import type { Twin, TwinName } from './twin.ts';

/**
 * A kernel computes output columns from input columns. It reads no later row. It can stop after any row and continue
 * later with the same bits, because the engine saves all that it remembers:
 *
 * - `state`, a Float64Array of fixed length for running values and counts. It is zero before the first row. Kernels
 *   read it by index, because V8 boxes variables that are destructured from it in every row.
 * - `history`, the rows before row `begin` of each input column. They are NaN before the series begins. A kernel with a
 *   window reads `x[i - n]` there and keeps no ring buffer.
 *
 * Row indices are positions in the column arrays. A kernel computes rows `[begin, end)` and may read rows
 * `[begin - history, end)`. Undefined values are NaN, which become null in the tables.
 */
export interface Kernel {
  /** Number of doubles of state; 0 if left out. */
  readonly stateLength?: number;
  /** Number of rows before the current one that the kernel reads from its inputs; 0 if left out. */
  readonly history?: number;
  /**
   * Rows without a value at the beginning of a series, if all inputs are defined from the first row; 0 if left out.
   * Infinity if the column is undefined at this interval. One number for each output if they differ.
   */
  readonly warmUp?: number | readonly number[];
  /** The same computation in WebAssembly. A kernel that changes another one's `run` must replace or remove its twin. */
  readonly twin?: Twin | undefined;
  /**
   * @param index number of rows of the series before row `begin`. Blocks are anchored to it, because results must not
   * depend on where a chunk begins.
   */
  run(
    state: Float64Array,
    inputs: readonly Float64Array[],
    outputs: readonly Float64Array[],
    begin: number,
    end: number,
    index: number,
  ): void;
}

/** Interval of the candles that a kernel runs over. */
export interface KernelContext {
  readonly interval: Interval;
}

/** Makes a kernel for one interval. `parameters` are those of the row in the table. */
export type KernelFactory<P> = (parameters: P, context: KernelContext) => Kernel;

type Compute = (
  inputs: readonly Float64Array[],
  outputs: readonly Float64Array[],
  begin: number,
  end: number,
  index: number,
) => void;

/** Makes a kernel without state that reads `history` earlier rows of its inputs. */
export function stateless(compute: Compute, history = 0, warmUp: Kernel['warmUp'] = history): Kernel {
  return {
    history,
    warmUp,
    run: (_state, inputs, outputs, begin, end, index) => compute(inputs, outputs, begin, end, index),
  };
}

/** As `stateless`, for a kernel without parameters: returns its factory. */
export function rowwise(...kernel: Parameters<typeof stateless>): () => Kernel {
  return () => stateless(...kernel);
}

/** As `rowwise`, for a kernel with a twin that takes no parameters. */
export function twinned(
  { twin, history = 0, warmUp = history }: { twin: TwinName; history?: number; warmUp?: Kernel['warmUp'] },
  compute: Compute,
): () => Kernel {
  return () => ({ ...stateless(compute, history, warmUp), twin: { name: twin } });
}

/** Makes the kernel of a column without meaning at this interval, such as a window of a day over weekly candles. */
export const undefinedColumn = rowwise(
  (_inputs, outputs, begin, end) => {
    for (const output of outputs) output.fill(Number.NaN, begin, end);
  },
  0,
  Number.POSITIVE_INFINITY,
);
