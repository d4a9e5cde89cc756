import type { Candles } from '../domain/candles.ts';
import type { Interval } from '../domain/interval.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { copyMemory, type EngineMemory, type EngineOptions, engineArrays, partsOf } from './engine-arrays.ts';
import { planSteps, type Step } from './engine-steps.ts';
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
 * Makes an engine before the first candle.
 * @param rows the rows to compute, in the table's order and with all rows that they read
 */
export function createFeatureEngine(
  interval: Interval,
  rows: readonly FeatureRow[] = TABLE,
  options: EngineOptions = {},
): FeatureEngine {
  const plan = planSteps(interval, rows);
  const { steps, blockwise, whole, candlesRead, computed, room, layout } = plan;
  const arrays = engineArrays(plan, options);
  const saved = () => partsOf(arrays.memory());
  let index = 0;
  /** Rows computed since it was made, whatever the series. */
  let run = 0;
  const engine: FeatureEngine = {
    rows,
    get index() {
      return index;
    },
    run(candles) {
      const { length } = candles;
      arrays.begin(length);
      for (const { name, values } of candlesRead) values.set(candles[name] as Float64Array, room);
      const end = room + length;
      for (let from = room, to = room; from < end; from = to) {
        to = Math.min(end, from + blockRows(run));
        runSteps(blockwise, from, to, index + from - room);
        run += to - from;
      }
      runSteps(whole, room, end, index);
      arrays.end(length);
      index += length;
      const columns = Object.fromEntries(computed.map(({ name, values }) => [name, values.subarray(room, end)]));
      return { length, columns: columns as Record<FeatureName, Float64Array> };
    },
    save: () => writeCheckpoint(layout, index, saved()),
    restore(bytes) {
      arrays.forgetHistory();
      index = readCheckpoint(bytes, layout, saved());
    },
    memory: arrays.memory,
    continueFrom(other) {
      arrays.forgetHistory();
      copyMemory(other.memory(), arrays.memory());
      index = other.index;
    },
    reset() {
      for (const { state } of steps) state.fill(0);
      arrays.forgetHistory();
      index = 0;
    },
  };
  engine.reset();
  return engine;
}

function blockRows(run: number): number {
  return Math.min(BLOCK_ROWS, Math.max(FIRST_BLOCK_ROWS, Math.floor(run / FIRST_BLOCK_ROWS)));
}

function runSteps(steps: readonly Step[], begin: number, end: number, index: number): void {
  for (const { run } of steps) run(begin, end, index);
}
