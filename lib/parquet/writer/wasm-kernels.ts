import { WASM_BASE64 } from '../wasm/generated/encoder.ts';
import type { PageKernels } from './page-kernels.ts';
import {
  BLOCK_BYTES,
  LEVEL_BYTES,
  MEMORY_BYTES,
  mostCompressed,
  PAGE_ROWS,
  PLACES,
  WASM_PAGE_BYTES,
} from './page-memory.ts';

/** The functions of wasm/assembly. Addresses are in bytes. */
interface Exports {
  plainFloats(input: number, rows: number, values: number, bits: number, bounds: number): number;
  plainDoubles(input: number, rows: number, values: number, bits: number, bounds: number): number;
  codeFlags(input: number, rows: number, codes: number, bits: number, used: number): number;
  definedPlaces(codes: number, bits: number, rows: number, places: number, out: number): number;
  appendRuns(codes: number, count: number, width: number, out: number): number;
  appendDeltaPacked(values: number, count: number, bits: number, deltas: number, out: number): number;
  compressBlock(from: number, length: number, to: number, hashes: number): number;
}

/** Returns kernels in WebAssembly over a memory of their own, whose size never changes. Lengths are checked here. */
export function wasmKernels(): PageKernels {
  const pages = MEMORY_BYTES / WASM_PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { plainFloats, plainDoubles, ...kernels } = exports as unknown as Exports;
  const { input, values, bits, bounds, codes, used, places, deltas, hashes, levels } = PLACES;
  return {
    memory: new Uint8Array(memory.buffer),
    plainNumbers(width, rows) {
      check('rows of a page', rows, [0, PAGE_ROWS]);
      return (width === 4 ? plainFloats : plainDoubles)(input, rows, values, bits, bounds);
    },
    codeFlags(rows) {
      check('rows of a page', rows, [0, PAGE_ROWS]);
      return kernels.codeFlags(input, rows, codes, bits, used);
    },
    definedPlaces(rows) {
      check('rows of a page', rows, [0, PAGE_ROWS]);
      return kernels.definedPlaces(codes, bits, rows, places, values);
    },
    appendRuns(count, width, to) {
      check('numbers of a page', count, [0, PAGE_ROWS]);
      check('bits of a number', width, [1, 8]);
      check('address of runs', to, [input, levels - RUN_BYTES]);
      return kernels.appendRuns(values, count, width, to);
    },
    appendDeltaPacked(count, integerBits, to) {
      check('numbers of a page', count, [0, PAGE_ROWS]);
      check('address of differences', to, [input, input + LEVEL_BYTES]);
      return kernels.appendDeltaPacked(values, count, integerBits, deltas, to);
    },
    compressBlock(from, length, to) {
      check('bytes of a block', length, [1, BLOCK_BYTES]);
      check('address of a block', from, [input, hashes - length]);
      check('address of a compressed block', to, [compressed, end - mostCompressed(length)]);
      return kernels.compressBlock(from, length, to, hashes);
    },
  };
}

const { compressed, end } = PLACES;

/** The most bytes of the runs of a page: a byte per number, and heads. */
const RUN_BYTES = 2 * PAGE_ROWS;

/** @throws RangeError if a number is not whole or not in the range, because a kernel would write beyond its place */
function check(what: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${what} must be a whole number from ${least} to ${most}, got ${value}`);
}
