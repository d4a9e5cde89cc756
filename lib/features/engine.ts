import { CANDLE_COLUMNS, type Candles } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { type FeatureRow, outputsOf } from './feature-row.ts';
import type { Kernel } from './kernel.ts';
import { type FeatureName, TABLE } from './table.ts';

/** Feature columns by name, one value a candle; NaN if undefined. */
export interface FeatureColumns {
  readonly length: number;
  /** Views on the engine's buffers: valid until its next `run`. */
  readonly columns: Readonly<Record<FeatureName, Float64Array>>;
}

/**
 * Runs the feature table over the candles of one series, chunk after chunk. Any way of cutting the series into chunks,
 * with or without saving and restoring in between, gives the same bits.
 */
export interface FeatureEngine {
  /** The rows of the feature table that the engine computes. */
  readonly rows: readonly FeatureRow[];
  /** Candles of the series that it has seen. */
  readonly index: number;
  /** Computes the features of the candles that follow those seen before. */
  run(candles: Candles): FeatureColumns;
  /** Everything needed to go on after the last candle, as bytes that depend on the candles seen and nothing else. */
  save(): Uint8Array;
  /** @throws UnexpectedFormat if the bytes were saved by another table, interval or version. */
  restore(bytes: Uint8Array): void;
  /** Everything that it remembers, as views that are valid until its next `run`. */
  memory(): EngineMemory;
  /** Goes to the candle of another engine of this interval, which computes at least the same rows. */
  continueFrom(other: FeatureEngine): void;
  /** Back to before the first candle. */
  reset(): void;
}

interface EngineMemory {
  /** The state of each kernel, by its first output. */
  readonly states: ReadonlyMap<string, Float64Array>;
  /** The last rows of each column that some kernel reads behind the current row, by name. */
  readonly histories: ReadonlyMap<string, Float64Array>;
}

/** One column's memory: `room` rows of history, then the rows of the chunk. */
interface ColumnBuffer {
  readonly name: string;
  /** Rows that some kernel reads behind the current one. */
  history: number;
  values: Float64Array;
}

interface Step {
  readonly kernel: Kernel;
  readonly state: Float64Array;
  readonly inputs: ColumnBuffer[];
  readonly outputs: ColumnBuffer[];
  /** The values of both, of the buffers as they are now. */
  inputValues: readonly Float64Array[];
  outputValues: readonly Float64Array[];
}

/**
 * Rows that one kernel computes before the next one has its turn: what a kernel has written is then still in the cache
 * when another reads it.
 */
const BLOCK_ROWS = 4_096;

/**
 * An engine begins with blocks of this many rows, and they grow with what it has run. V8 compiles a loop that has
 * become hot before its function ever returned by entering it half-way (OSR): it then knows no types, boxes the running
 * values in every row, and is never left again. A kernel that has returned often is compiled as a function, twice as
 * fast.
 */
const FIRST_BLOCK_ROWS = 32;

/**
 * Kernels that look further back would spend their time on what they prepare for each call: they take the chunk whole.
 */
const BLOCK_HISTORY = 512;

export function createFeatureEngine(interval: Interval, rows: readonly FeatureRow[] = TABLE): FeatureEngine {
  const { steps, blockwise, whole, candlesRead, computed, all, remembering, room, layout } = layOut(interval, rows);
  const memory = (): EngineMemory => ({
    states: new Map(steps.map(({ state, outputs }) => [outputs[0]!.name, state])),
    histories: new Map(remembering.map((buffer) => [buffer.name, tail(buffer, room, length)])),
  });
  const saved = () => Object.values(memory()).flatMap((parts) => [...parts.values()]);
  let capacity = -1;
  let length = 0;
  let index = 0;
  /** Rows computed since it was made, whatever the series. */
  let run = 0;

  function grow(rowsWanted: number): void {
    if (rowsWanted <= capacity) return;
    for (const buffer of all) lengthen(buffer, room, length, rowsWanted);
    for (const step of steps) connect(step);
    capacity = rowsWanted;
  }

  function forgetHistory(): void {
    // Rows that nobody reads stay untouched, so the longest window does not cost memory in every column.
    for (const { values, history } of all) values.fill(Number.NaN, room - history, room);
    length = 0;
  }

  const engine: FeatureEngine = {
    rows,
    get index() {
      return index;
    },
    run(candles) {
      for (const buffer of remembering) buffer.values.set(tail(buffer, room, length), room - buffer.history);
      length = 0;
      grow(candles.length);
      for (const { name, values } of candlesRead) values.set(candles[name] as Float64Array, room);
      const end = room + candles.length;
      for (let from = room, to = room; from < end; from = to) {
        to = Math.min(end, from + blockRows(run));
        runSteps(blockwise, from, to, index + from - room);
        run += to - from;
      }
      runSteps(whole, room, end, index);
      length = candles.length;
      index += length;
      const columns = Object.fromEntries(computed.map(({ name, values }) => [name, values.subarray(room, end)]));
      return { length, columns: columns as Record<FeatureName, Float64Array> };
    },
    save: () => writeCheckpoint(layout, index, saved()),
    restore(bytes) {
      forgetHistory();
      index = readCheckpoint(bytes, layout, saved());
    },
    memory,
    continueFrom(other) {
      forgetHistory();
      copyMemory(other.memory(), memory());
      index = other.index;
    },
    reset() {
      for (const { state } of steps) state.fill(0);
      forgetHistory();
      index = 0;
    },
  };
  grow(0);
  engine.reset();
  return engine;
}

/** Fills an engine's memory with that of an engine of at least the same rows. Its histories are as long or longer. */
function copyMemory(from: EngineMemory, to: EngineMemory): void {
  for (const [name, state] of to.states) state.set(from.states.get(name)!);
  for (const [name, rows] of to.histories) rows.set(from.histories.get(name)!.subarray(-rows.length));
}

/** Makes a kernel for each row. The buffers of its inputs are those of candles or those that earlier rows write. */
function layOut(interval: Interval, rows: readonly FeatureRow[]) {
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
    const state = new Float64Array(kernel.stateLength ?? 0);
    return { kernel, state, inputs, outputs, inputValues: [], outputValues: [] };
  });
  const [blockwise, whole] = apart(steps);
  const read = new Set(steps.flatMap((step) => step.inputs));
  const candlesRead = candleBuffers.filter((buffer) => read.has(buffer));
  const computed = steps.flatMap((step) => step.outputs);
  const all = [...candlesRead, ...computed];
  const remembering = all.filter((buffer) => buffer.history > 0);
  // Every column has its rows at the same place, so all have room for the longest history.
  const room = Math.max(0, ...all.map((buffer) => buffer.history));
  const layout = JSON.stringify([interval, rows.map((row) => [outputsOf(row), row.parameters, row.inputs])]);
  return { steps, blockwise, whole, candlesRead, computed, all, remembering, room, layout };
}

/** Makes room for more rows and keeps the history. */
function lengthen(buffer: ColumnBuffer, room: number, length: number, rowsWanted: number): void {
  const values = new Float64Array(room + rowsWanted);
  values.set(tail(buffer, room, length), room - buffer.history);
  buffer.values = values;
}

function connect(step: Step): void {
  step.inputValues = step.inputs.map(({ values }) => values);
  step.outputValues = step.outputs.map(({ values }) => values);
}

function blockRows(run: number): number {
  return Math.min(BLOCK_ROWS, Math.max(FIRST_BLOCK_ROWS, Math.floor(run / FIRST_BLOCK_ROWS)));
}

function runSteps(steps: readonly Step[], begin: number, end: number, index: number): void {
  for (const { kernel, state, inputValues, outputValues } of steps) {
    kernel.run(state, inputValues, outputValues, begin, end, index);
  }
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

/** The last rows of history, up to the last row computed. */
function tail({ values, history }: ColumnBuffer, room: number, length: number): Float64Array {
  return values.subarray(room + length - history, room + length);
}
