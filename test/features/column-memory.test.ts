import { wasmMemory } from '../../lib/features/column-memory.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { sampleCandles } from '../support/candles.ts';
import { type Columns, copy, differences } from './laws.ts';

const candles = sampleCandles('4h', 300);
const inTypeScript = copy(createFeatureEngine('4h', undefined, { twins: false }).run(candles).columns);

/** Columns of an engine that is made and run while `without` replaces a property. */
function columnsWithout<T extends object>(owner: T, name: keyof T, replacement: unknown): Columns {
  const kept = Object.getOwnPropertyDescriptor(owner, name)!;
  Object.defineProperty(owner, name, { ...kept, value: replacement });
  try {
    return copy(createFeatureEngine('4h').run(candles).columns);
  } finally {
    Object.defineProperty(owner, name, kept);
  }
}

function outOfMemory(): never {
  throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
}

describe('the memory of an engine', () => {
  test('is that of TypeScript if there is no WebAssembly', () => {
    expect(differences(columnsWithout(globalThis, 'WebAssembly', undefined), inTypeScript)).toEqual([]);
  });

  test('is that of TypeScript if there are no addresses left for another memory', () => {
    class NoMemory {
      constructor() {
        outOfMemory();
      }
    }
    expect(differences(columnsWithout(WebAssembly, 'Memory', NoMemory), inTypeScript)).toEqual([]);
  });

  test('is that of TypeScript if it cannot grow', () => {
    expect(differences(columnsWithout(WebAssembly.Memory.prototype, 'grow', outOfMemory), inTypeScript)).toEqual([]);
  });

  test('is never more than 2 GiB of WebAssembly', () => {
    const memory = wasmMemory()!;
    expect(memory.lay([2 ** 28])).toBeUndefined();
    expect(memory.lay([2 ** 20, 3])!.map(({ length }) => length)).toEqual([2 ** 20, 3]);
  });

  test('has its arrays apart from each other, each on a cache line', () => {
    const [a, b, c] = wasmMemory()!.lay([3, 0, 9])!;
    for (const { byteOffset } of [a!, b!, c!]) expect(byteOffset % 64).toBe(0);
    expect(b!.byteOffset).toBeGreaterThanOrEqual(a!.byteOffset + 24);
    expect(c!.buffer.byteLength).toBeGreaterThanOrEqual(c!.byteOffset + 72 + 64);
  });

  test('is given back: more engines than there are addresses for can be made one after the other', () => {
    // V8 reserves 10 GB of addresses for each memory, so that 13,000 fill what a process has.
    for (let n = 0; n < 20_000; n++) wasmMemory();
    expect(wasmMemory()!.lay([1])).toHaveLength(1);
  });
});
