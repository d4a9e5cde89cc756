import { type ColumnMemory, PLAIN_MEMORY, wasmMemory } from './column-memory.ts';
import { type ColumnBuffer, layArrays, type planSteps, type Step } from './engine-steps.ts';
import type { FeatureRow } from './feature-row.ts';

/** Options of an engine. */
export interface EngineOptions {
  /** False runs every kernel in TypeScript, with the same bits. True if left out. */
  readonly twins?: boolean;
  /** Is called in place of each kernel or twin, once a block, and must call `run`. For measurements. */
  readonly watch?: (row: FeatureRow, run: () => void) => void;
}

/** Everything that an engine remembers from one chunk to the next. */
export interface EngineMemory {
  /** The state of each kernel, by its first output. */
  readonly states: ReadonlyMap<string, Float64Array>;
  /** The last rows of each column that some kernel reads behind the current row, by name. */
  readonly histories: ReadonlyMap<string, Float64Array>;
}

/** The columns and states of an engine. */
interface EngineArrays {
  /** Returns views that are valid until the next `begin`. */
  memory(): EngineMemory;
  /** Moves the history to before the rows of the next chunk, and makes room for these. */
  begin(rows: number): void;
  /** Tells that the rows of the chunk are computed. */
  end(rows: number): void;
  forgetHistory(): void;
}

/** Makes the arrays of planned steps, in WebAssembly if a step has a twin and there is enough memory. */
export function engineArrays(
  { steps, all, remembering, room }: Pick<ReturnType<typeof planSteps>, 'steps' | 'all' | 'remembering' | 'room'>,
  { twins = true, watch }: EngineOptions,
): EngineArrays {
  let arrays: ColumnMemory = (twins && steps.some(({ kernel }) => kernel.twin) && wasmMemory()) || PLAIN_MEMORY;
  let capacity = -1;
  let length = 0;

  const memory = (): EngineMemory => ({
    states: new Map(steps.map(({ state, outputs }) => [outputs[0]!.name, state])),
    histories: new Map(remembering.map((buffer) => [buffer.name, tail(buffer, room, length)])),
  });

  /** Makes room for more rows and keeps states and history. */
  function grow(rows: number): void {
    const kept = capacity < 0 ? [] : partsOf(memory()).map((part) => part.slice());
    if (!layArrays(arrays, steps, all, room + rows)) {
      arrays = PLAIN_MEMORY;
      layArrays(arrays, steps, all, room + rows);
    }
    if (watch) for (const step of steps) step.run = watched(step, watch);
    length = 0;
    for (const [k, part] of partsOf(memory()).entries()) part.set(kept[k] ?? []);
    capacity = rows;
  }

  grow(0);
  return {
    memory,
    begin(rows) {
      for (const buffer of remembering) buffer.values.set(tail(buffer, room, length), room - buffer.history);
      length = 0;
      if (rows > capacity) grow(rows);
    },
    end(rows) {
      length = rows;
    },
    forgetHistory() {
      // Rows that nobody reads stay untouched, so the longest window does not cost memory in every column.
      for (const { values, history } of all) values.fill(Number.NaN, room - history, room);
      length = 0;
    },
  };
}

/** Returns all arrays of a memory, in the order in which a checkpoint has them. */
export function partsOf(memory: EngineMemory): Float64Array[] {
  return Object.values(memory).flatMap((parts) => [...parts.values()]);
}

/** Fills an engine's memory with that of an engine of at least the same rows. Its histories are as long or longer. */
export function copyMemory(from: EngineMemory, to: EngineMemory): void {
  for (const [name, state] of to.states) state.set(from.states.get(name)!);
  for (const [name, rows] of to.histories) rows.set(from.histories.get(name)!.subarray(-rows.length));
}

function watched({ row, run }: Step, watch: NonNullable<EngineOptions['watch']>): Step['run'] {
  return (begin, end, index) => watch(row, () => run(begin, end, index));
}

/** The last rows of history, up to the last row computed. */
function tail({ values, history }: ColumnBuffer, room: number, length: number): Float64Array {
  return values.subarray(room + length - history, room + length);
}
