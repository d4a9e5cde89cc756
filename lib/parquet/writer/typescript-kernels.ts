import { ByteWriter } from './byte-writer.ts';
import { codeFlags, definedPlaces } from './code-flags.ts';
import { appendDeltaPacked } from './delta-packed.ts';
import type { PageKernels } from './page-kernels.ts';
import { MEMORY_BYTES, PLACES } from './page-memory.ts';
import { plainNumbers } from './plain-numbers.ts';
import { appendRuns } from './runs.ts';
import { compressBlock } from './snappy-block.ts';

/** Returns kernels in TypeScript over a memory of their own, for a Node without WebAssembly. */
export function typescriptKernels(): PageKernels {
  const memory = new Uint8Array(MEMORY_BYTES);
  const { buffer } = memory;
  const { values, hashes, levels } = PLACES;
  /** Calls `append` with a writer to the bytes from `to` on, and returns the address after the result. */
  const appended = (to: number, append: (out: ByteWriter) => void): number => {
    const out = new ByteWriter(memory.subarray(to, levels));
    append(out);
    return to + out.length;
  };
  return {
    memory,
    plainNumbers: (width, rows) => plainNumbers(buffer, width, rows),
    codeFlags: (rows) => codeFlags(buffer, rows),
    definedPlaces: (rows) => definedPlaces(buffer, rows),
    appendRuns: (count, width, to) =>
      appended(to, (out) => appendRuns(out, memory.subarray(values, values + count), width)),
    appendDeltaPacked(count, bits, to) {
      const numbers = new Float64Array(buffer, values, count);
      if (!numbers.every(Number.isInteger)) return 0;
      return appended(to, (out) => appendDeltaPacked(out, numbers, bits));
    },
    compressBlock: (from, length, to) => compressBlock(memory, { from, length, to, hashes }),
  };
}
