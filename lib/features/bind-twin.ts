import type { Kernel } from './kernel.ts';
import type { TwinExports } from './wasm/kernel-module.ts';

/** The arrays that a call may read or write. All lie in the memory of the twins. */
export interface TwinArrays {
  readonly state: Float64Array;
  readonly constants: Float64Array;
  readonly scratch: Float64Array;
  readonly inputs: readonly Float64Array[];
  readonly outputs: readonly Float64Array[];
}

/** Computes rows `[begin, end)`. `index` is the number of rows of the series before `begin`. */
export type RunRows = (begin: number, end: number, index: number) => void;

const MOST_ROWS = 2 ** 31 - 1;

/**
 * Returns the twin of a kernel over fixed arrays. A twin checks nothing, so the arrays are checked here, and the rows
 * at each call: WebAssembly traps only at the end of its memory, which all columns share.
 * @throws RangeError if an array is shorter than the kernel says, or if the twin has another number of arguments
 */
export function bindTwin(kernel: Kernel, twins: TwinExports, arrays: TwinArrays): RunRows {
  const { twin, history = 0, stateLength = 0 } = kernel;
  const { name, parameters = [], constants, scratch = 0 } = twin!;
  const run = twins[name]!;
  const { inputs, outputs } = arrays;
  const kept = [
    ...checked('state', arrays.state, stateLength),
    ...checked('constants', arrays.constants, constants?.length ?? 0),
    ...checked('scratch', arrays.scratch, scratch),
  ];
  const before = [...kept, ...inputs, ...outputs].map((array) => array.byteOffset);
  const count = before.length + 3 + parameters.length;
  if (run.length !== count) throw new RangeError(`twin ${name} must have ${count} arguments, got ${run.length}`);
  const rows = Math.min(MOST_ROWS, ...[...inputs, ...outputs].map((array) => array.length));
  return (begin, end, index) => {
    const whole = Number.isInteger(begin) && Number.isInteger(end) && Number.isInteger(index);
    if (!whole || begin < history || begin > end || end > rows || index < 0 || index > MOST_ROWS) {
      const allowed = `rows ${history} to ${rows} of its columns and an index of 0 to ${MOST_ROWS}`;
      throw new RangeError(`kernel ${name} must compute ${allowed}, got rows ${begin} to ${end} at index ${index}`);
    }
    run(...before, begin, end, index, ...parameters);
  };
}

/** Returns the array if the twin has one. */
function checked(what: string, array: Float64Array, length: number): Float64Array[] {
  if (array.length < length) throw new RangeError(`${what} must have ${length} numbers, got ${array.length}`);
  return length === 0 ? [] : [array];
}
