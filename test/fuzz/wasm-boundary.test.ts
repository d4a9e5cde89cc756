import fc from 'fast-check';
import { bindTwin } from '../../lib/features/bind-twin.ts';
import { wasmMemory } from '../../lib/features/column-memory.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import type { Kernel } from '../../lib/features/kernel.ts';
import { TABLE } from '../../lib/features/table.ts';
import { KINDS, kernelWithTwin, outcomeOf } from '../features/twin-columns.ts';

// WebAssembly traps only at the end of its memory, which all columns of an engine share. So a twin that writes beyond
// its own rows would corrupt another column in silence. Each call here runs between guards.

const TWINS = (TABLE as readonly FeatureRow[]).flatMap((row) => {
  const kernel = kernelWithTwin(row, '1h');
  return kernel ? [{ name: outputsOf(row)[0]!, row, kernel }] : [];
});
/** One row of the table for each function. */
const ONE_OF_EACH = [...new Map(TWINS.map((twin) => [twin.kernel.twin!.name, twin])).values()];

const ROWS = 200;
const call = fc.record({
  begin: fc.nat(ROWS),
  rows: fc.nat(ROWS),
  kind: fc.constantFrom(...KINDS),
  seed: fc.nat(),
});

/** Rows of an output before `begin` or from `end` on. */
function outside(output: Float64Array, begin: number, end: number): Float64Array {
  return Float64Array.of(...output.subarray(0, begin), ...output.subarray(end));
}

test.each(ONE_OF_EACH.map(({ kernel, row }) => [kernel.twin!.name, kernel, row] as const))(
  'wasm boundary: %s writes its own rows only, whatever state it starts from',
  (_name, kernel: Kernel, row) => {
    fc.assert(
      fc.property(call, ({ begin: after, rows, kind, seed }) => {
        const begin = (kernel.history ?? 0) + after;
        const end = begin + rows;
        const calls = { length: end + 7, kind, seed, damage: true };
        const run = outcomeOf(row, kernel, { ...calls, edges: [begin, end] }, true);
        const untouched = outcomeOf(row, kernel, { ...calls, edges: [begin] }, true);
        expect(run.others).toEqual(untouched.others);
        for (const k of outputsOf(row).keys()) {
          const [ours, before] = [run, untouched].map(({ written }) => outside(written[`output ${k}`]!, begin, end));
          expect(ours).toEqual(before);
        }
      }),
      { numRuns: 25 },
    );
  },
);

test('wasm boundary: rows outside the columns are refused before WebAssembly sees them', () => {
  const { kernel, row } = ONE_OF_EACH.find(({ kernel }) => kernel.history && kernel.twin!.scratch)!;
  const memory = wasmMemory()!;
  const { constants = new Float64Array(), scratch = 0, name } = kernel.twin!;
  const length = kernel.history! + 50;
  const columns = [...row.inputs, ...outputsOf(row)].map(() => length);
  const [state, laidConstants, laidScratch, ...laid] = memory.lay([
    kernel.stateLength ?? 0,
    constants.length,
    scratch,
    ...columns,
  ])!;
  const arrays = {
    state: state!,
    constants: laidConstants!,
    scratch: laidScratch!,
    inputs: laid.slice(0, row.inputs.length),
    outputs: laid.slice(row.inputs.length),
  };
  const run = bindTwin(kernel, memory.twins!, arrays);
  const number = fc.oneof(fc.integer({ min: -100, max: length + 100 }), fc.double(), fc.integer());
  fc.assert(
    fc.property(number, number, number, (begin, end, index) => {
      const inside = begin >= kernel.history! && begin <= end && end <= length && index >= 0 && index < 2 ** 31;
      const allowed = inside && [begin, end, index].every(Number.isInteger);
      if (allowed) run(begin, end, index);
      else expect(() => run(begin, end, index)).toThrow(`kernel ${name} must compute rows`);
    }),
    { numRuns: 2_000 },
  );
  expect(() => bindTwin(kernel, memory.twins!, { ...arrays, scratch: new Float64Array() })).toThrow(
    `scratch must have ${scratch} numbers, got 0`,
  );
  const twin = { ...kernel.twin!, parameters: [] };
  expect(() => bindTwin({ ...kernel, twin }, memory.twins!, arrays)).toThrow(`twin ${name} must have`);
});
