import { kernelModule, type TwinExports } from './wasm/kernel-module.ts';

/** Gives an engine the arrays of its columns and states. */
export interface ColumnMemory {
  /** The functions that can compute in these arrays; undefined in memory outside WebAssembly. */
  readonly twins: TwinExports | undefined;
  /**
   * Returns arrays of these lengths. They may hold anything. Those of the call before are lost.
   * Returns undefined if the memory is not enough.
   */
  lay(lengths: readonly number[]): Float64Array[] | undefined;
}

/** Each array on its own. */
export const PLAIN_MEMORY: ColumnMemory = {
  twins: undefined,
  lay: (lengths) => lengths.map((length) => new Float64Array(length)),
};

const PAGE_BYTES = 65_536;
/** 2 GiB, so that every address is a positive number of 32 bits. */
const MOST_PAGES = 32_768;
/** Arrays begin on a cache line. After the last array there is room for one, because a vector may reach beyond it. */
const ALIGNMENT = 64;

/**
 * Makes one memory of WebAssembly, which all arrays of an engine share. Its pages are bounded, and cost nothing until
 * they are used. Returns undefined without WebAssembly, or if a limit on address space leaves no room for a memory: V8
 * reserves 10 GB of addresses for each, of 128 TB.
 */
export function wasmMemory(): ColumnMemory | undefined {
  const module = kernelModule();
  if (!module) return undefined;
  const memory = orUndefined(() => new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES }));
  if (!memory) return undefined;
  const { heapBase, ...twins } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const base = aligned((heapBase as () => number)());
  return {
    twins: twins as TwinExports,
    lay(lengths) {
      const offsets: number[] = [];
      let end = base;
      for (const length of lengths) {
        offsets.push(end);
        end = aligned(end + 8 * length);
      }
      const missing = Math.ceil((end + ALIGNMENT - memory.buffer.byteLength) / PAGE_BYTES);
      if (missing > 0 && orUndefined(() => memory.grow(missing)) === undefined) return undefined;
      return lengths.map((length, k) => new Float64Array(memory.buffer, offsets[k], length));
    },
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Returns undefined if there is not enough memory. */
function orUndefined<T>(allocate: () => T): T | undefined {
  try {
    return allocate();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
