import { CANDLE_COLUMNS, type Candles } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { bindTwin, type RunRows } from './bind-twin.ts';
import type { ColumnMemory } from './column-memory.ts';
import { type FeatureRow, outputsOf } from './feature-row.ts';
import type { Kernel } from './kernel.ts';

/** One column's memory: `room` rows of history, then the rows of the chunk. */
export interface ColumnBuffer {
  readonly name: string;
  /** Rows that some kernel reads behind the current one. */
  history: number;
  values: Float64Array;
}

/** One row of the table in an engine. */
export interface Step {
  readonly row: FeatureRow;
  readonly kernel: Kernel;
  readonly inputs: ColumnBuffer[];
  readonly outputs: ColumnBuffer[];
  state: Float64Array;
  /** Runs the kernel, or its twin, over the arrays as they are now. */
  run: RunRows;
}

/**
 * Kernels that look further back would spend their time on what they prepare for each call: they take the chunk whole.
 */
const BLOCK_HISTORY = 512;

/** The first row of a chunk begins a cache line in every column. */
const CACHE_LINE_VALUES = 8;
const NO_NUMBERS = new Float64Array();

/**
 * Makes a kernel for each row. The buffers of its inputs are those of candles or those that earlier rows write.
 * The steps have no arrays until `layArrays` is called.
 */
export function planSteps(interval: Interval, rows: readonly FeatureRow[]) {
  const buffers = new Map<string, ColumnBuffer>();
  const candleBuffers: (ColumnBuffer & { readonly name: keyof Candles })[] = [];
  for (const name of CANDLE_COLUMNS) {
    const buffer = { name, history: 0, values: new Float64Array() };
    buffers.set(name, buffer);
    candleBuffers.push(buffer);
  }
  const steps: Step[] = rows.map((row) => {
    const kernel = row.kernel(row.parameters as never, { interval });
    const inputs = row.inputs.map((name) => bufferNamed(buffers, name));
    for (const input of inputs) input.history = Math.max(input.history, kernel.history ?? 0);
    const outputs = outputsOf(row).map((name) => ({ name, history: 0, values: new Float64Array() }));
    for (const output of outputs) buffers.set(output.name, output);
    return { row, kernel, inputs, outputs, state: new Float64Array(), run: () => {} };
  });
  const [blockwise, whole] = apart(steps);
  const read = new Set(steps.flatMap((step) => step.inputs));
  const candlesRead = candleBuffers.filter((buffer) => read.has(buffer));
  const computed = steps.flatMap((step) => step.outputs);
  const all = [...candlesRead, ...computed];
  const remembering = all.filter((buffer) => buffer.history > 0);
  // Every column has its rows at the same place, so all have room for the longest history.
  const longest = Math.max(0, ...all.map((buffer) => buffer.history));
  const room = Math.ceil(longest / CACHE_LINE_VALUES) * CACHE_LINE_VALUES;
  const layout = JSON.stringify([interval, rows.map((row) => [outputsOf(row), row.parameters, row.inputs])]);
  return { steps, blockwise, whole, candlesRead, computed, all, remembering, room, layout };
}

/** Lays all columns and states in the memory and connects the steps with them; false if it is not enough. */
export function layArrays(
  memory: ColumnMemory,
  steps: readonly Step[],
  columns: readonly ColumnBuffer[],
  rows: number,
): boolean {
  const { twins } = memory;
  const constants = steps.map(({ kernel }) => (twins && kernel.twin?.constants) || NO_NUMBERS);
  const scratchLength = Math.max(0, ...steps.map(({ kernel }) => (twins && kernel.twin?.scratch) || 0));
  const arrays = memory.lay([
    scratchLength,
    ...steps.map(({ kernel }) => kernel.stateLength ?? 0),
    ...constants.map(({ length }) => length),
    ...columns.map(() => rows),
  ]);
  if (!arrays) return false;
  const scratch = arrays.shift()!;
  for (const step of steps) step.state = arrays.shift()!;
  const laidConstants = constants.map((numbers) => {
    const laid = arrays.shift()!;
    laid.set(numbers);
    return laid;
  });
  for (const column of columns) column.values = arrays.shift()!;
  for (const [k, step] of steps.entries()) {
    const { kernel, state } = step;
    const inputs = step.inputs.map(({ values }) => values);
    const outputs = step.outputs.map(({ values }) => values);
    step.run =
      twins && kernel.twin
        ? bindTwin(kernel, twins, { state, constants: laidConstants[k], scratch, inputs, outputs })
        : (begin, end, index) => kernel.run(state, inputs, outputs, begin, end, index);
  }
  return true;
}

/** Steps to be run block by block, and those to be run over a whole chunk after them; both in their order. */
function apart(steps: readonly Step[]): [blockwise: Step[], whole: Step[]] {
  const blockwise: Step[] = [];
  const whole: Step[] = [];
  const late = new Set<ColumnBuffer>();
  for (const step of steps) {
    const { kernel, inputs, outputs } = step;
    if ((kernel.history ?? 0) <= BLOCK_HISTORY && !inputs.some((input) => late.has(input))) blockwise.push(step);
    else {
      whole.push(step);
      for (const output of outputs) late.add(output);
    }
  }
  return [blockwise, whole];
}

function bufferNamed(buffers: ReadonlyMap<string, ColumnBuffer>, name: string): ColumnBuffer {
  const buffer = buffers.get(name);
  if (!buffer)
    throw new RangeError(`feature input must be a candle column or a column of an earlier row, got '${name}'`);
  return buffer;
}
