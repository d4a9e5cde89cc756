import { WASM_BASE64 } from '../wasm/generated/encoder.ts';
import type { PageKernels } from './page-kernels.ts';
import { BLOCK_BYTES, MEMORY_PAGES, PAGE_ROWS, PLACES } from './page-memory.ts';

/** The functions of wasm/assembly. Addresses are in bytes. */
interface Exports {
  plainFloats(input: number, rows: number, values: number, bits: number, bounds: number): number;
  plainDoubles(input: number, rows: number, values: number, bits: number, bounds: number): number;
  compressBlock(from: number, length: number, to: number, hashes: number): number;
}

/** Returns kernels in WebAssembly over a memory of their own, whose size never changes. Lengths are checked here. */
export function wasmKernels(): PageKernels {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
  const module = new WebAssembly.Module(Buffer.from(WASM_BASE64, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { plainFloats, plainDoubles, compressBlock } = exports as unknown as Exports;
  const { input, values, bits, bounds, hashes } = PLACES;
  return {
    memory: new Uint8Array(memory.buffer),
    plainNumbers(width, rows) {
      if (!(rows >= 0 && rows <= PAGE_ROWS)) throw new RangeError(`page has ${rows} rows, expected 0 to ${PAGE_ROWS}`);
      return (width === 4 ? plainFloats : plainDoubles)(input, rows, values, bits, bounds);
    },
    compressBlock(from, length, to) {
      if (!(length >= 1 && length <= BLOCK_BYTES)) {
        throw new RangeError(`block has ${length} bytes, expected 1 to ${BLOCK_BYTES}`);
      }
      return compressBlock(from, length, to, hashes);
    },
  };
}
