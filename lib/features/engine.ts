import type { Candles } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { PLAIN_MEMORY, wasmMemory } from './column-memory.ts';
import { type ColumnBuffer, layArrays, planSteps, type Step } from './engine-steps.ts';
import type { FeatureRow } from './feature-row.ts';
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

/** Options of an engine. */
export interface EngineOptions {
  /** False runs every kernel in TypeScript, with the same bits. True if left out. */
  readonly twins?: boolean;
  /** Is called in place of each kernel or twin, once a block, and must call `run`. For measurements. */
  readonly watch?: (row: FeatureRow, run: () => void) => void;
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

export function createFeatureEngine(
  interval: Interval,
  rows: readonly FeatureRow[] = TABLE,
  { twins = true, watch }: EngineOptions = {},
): FeatureEngine {
  const { steps, blockwise, whole, candlesRead, computed, all, remembering, room, layout } = planSteps(interval, rows);
  const memory = (): EngineMemory => ({
    states: new Map(steps.map(({ state, outputs }) => [outputs[0]!.name, state])),
    histories: new Map(remembering.map((buffer) => [buffer.name, tail(buffer, room, length)])),
  });
  const saved = () => Object.values(memory()).flatMap((parts) => [...parts.values()]);
  let arrays = (twins && steps.some(({ kernel }) => kernel.twin) && wasmMemory()) || PLAIN_MEMORY;
  let capacity = -1;
  let length = 0;
  let index = 0;
  /** Rows computed since it was made, whatever the series. */
  let run = 0;

  /** Makes room for more rows and keeps states and history. */
  function grow(rowsWanted: number): void {
    if (rowsWanted <= capacity) return;
    const kept = capacity < 0 ? [] : saved().map((part) => part.slice());
    if (!layArrays(arrays, steps, all, room + rowsWanted)) {
      arrays = PLAIN_MEMORY;
      layArrays(arrays, steps, all, room + rowsWanted);
    }
    if (watch) for (const step of steps) step.run = watched(step, watch);
    length = 0;
    for (const [k, part] of saved().entries()) part.set(kept[k] ?? []);
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

function blockRows(run: number): number {
  return Math.min(BLOCK_ROWS, Math.max(FIRST_BLOCK_ROWS, Math.floor(run / FIRST_BLOCK_ROWS)));
}

/** Fills an engine's memory with that of an engine of at least the same rows. Its histories are as long or longer. */
function copyMemory(from: EngineMemory, to: EngineMemory): void {
  for (const [name, state] of to.states) state.set(from.states.get(name)!);
  for (const [name, rows] of to.histories) rows.set(from.histories.get(name)!.subarray(-rows.length));
}

function watched({ row, run }: Step, watch: NonNullable<EngineOptions['watch']>): Step['run'] {
  return (begin, end, index) => watch(row, () => run(begin, end, index));
}

function runSteps(steps: readonly Step[], begin: number, end: number, index: number): void {
  for (const { run } of steps) run(begin, end, index);
}

/** The last rows of history, up to the last row computed. */
function tail({ values, history }: ColumnBuffer, room: number, length: number): Float64Array {
  return values.subarray(room + length - history, room + length);
}
