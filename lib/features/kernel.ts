import type { Interval } from '../domain/interval.ts';

/**
 * A kernel turns input columns into output columns, causally, and can stop after any row and go on later with the same
 * bits. It has no memory of its own (scratch space apart): what it remembers is in two places, both saved by the engine.
 *
 * - `state`, a Float64Array of fixed length (running values, counts). All zero before the first row. It is read by index:
 *   V8 boxes variables that come of destructuring it, in every row.
 * - the `history` rows before row `begin` of each input column, NaN where the series had not begun. Windowed kernels
 *   read `x[i - n]` from there and keep no ring buffer.
 *
 * Row indices are places in the column arrays: rows `[begin, end)` are to be computed, rows `[begin - history, begin)`
 * are there to be read. Undefined values are NaN, which become null in the tables.
 */
export interface Kernel {
  /** Doubles of state. */
  readonly stateLength: number;
  /** Rows before the current one that are read from the inputs. */
  readonly history: number;
  /**
   * Rows without a value at the beginning of a series whose inputs are all defined from the first row; Infinity where
   * the column is undefined at this interval. One number for each output where they differ.
   */
  readonly warmUp: number | readonly number[];
  /**
   * @param index how many rows of the series came before row `begin`. Whatever is done in blocks is anchored to it,
   * because results must not depend on where a chunk starts.
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

/** What a kernel factory is told beside its parameters. */
export interface KernelContext {
  readonly interval: Interval;
}

/** Makes a kernel for one interval; `parameters` are those of the table's row. */
export type KernelFactory<P> = (parameters: P, context: KernelContext) => Kernel;
