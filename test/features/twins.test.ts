import fc from 'fast-check';
import { type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import { INTERVALS, type Interval } from '../../lib/domain/interval.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { outputsOf } from '../../lib/features/feature-row.ts';
import { TWIN_NAMES } from '../../lib/features/twin.ts';
import { kernelModule } from '../../lib/features/wasm/kernel-module.ts';
import { roughCandles, SHAPES, type Shape, sampleCandles } from '../support/candles.ts';
import { lawRows } from './law-rows.ts';
import { type Columns, copy, differences } from './laws.ts';
import { type Calls, KINDS, kernelWithTwin, outcomeOf, outcomeOffences } from './twin-columns.ts';

// The law of the twins: every kernel with a function in WebAssembly, found from the table, has the same bits in
// TypeScript. `npm run laws -- ema` asks for the rows that begin so.
const ROWS = lawRows(process.env['CANDLELAKE_LAWS'] ?? '');

test('the names of twins are the functions of the module', () => {
  const exported = WebAssembly.Module.exports(kernelModule()!).map(({ name }) => name);
  expect([...TWIN_NAMES, 'heapBase', 'memory'].sort()).toEqual(exported.sort());
  const used = ROWS.flatMap((row) => kernelWithTwin(row, '1h')?.twin?.name ?? []);
  if (!process.env['CANDLELAKE_LAWS']) expect([...new Set(used)].sort()).toEqual([...TWIN_NAMES].sort());
});

/** Calls that cut a series at random rows. The longest window fits in, but at 1m it takes too long to do so often. */
function callsFor(history: number): fc.Arbitrary<Calls> {
  const most = Math.min(history, 3000) + 600;
  return fc
    .record({
      first: fc.nat(40),
      cuts: fc.array(fc.nat(most), { maxLength: 6 }),
      kind: fc.constantFrom(...KINDS),
      seed: fc.nat(),
    })
    .map(({ first, cuts, kind, seed }) => {
      const begin = history + first;
      const edges = [0, ...cuts, most].map((cut) => begin + cut).sort((a, b) => a - b);
      return { length: edges.at(-1)! + 5, edges, kind, seed };
    });
}

const WITH_TWIN = ROWS.filter((row) => kernelWithTwin(row, '1h'));

// Rows that were asked for by name may have no twin.
const lawOfTwins =
  WITH_TWIN.length > 0 ? test.each(WITH_TWIN.map((row) => [outputsOf(row)[0]!, row] as const)) : () => {};
lawOfTwins('%s: the twin has the bits of the kernel in TypeScript, and writes nothing else', (_name, row) => {
  for (const interval of ['1h', '12h', '1M'] satisfies Interval[]) {
    const kernel = kernelWithTwin(row, interval);
    if (!kernel) continue;
    fc.assert(
      fc.property(callsFor(kernel.history ?? 0), (calls) => {
        const [twin, expected] = [true, false].map((runTwin) => outcomeOf(row, kernel, calls, runTwin));
        expect(outcomeOffences(twin!, expected!)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }
});

/** A series computed by an engine with twins and one without, by turns, and the state after it. */
function byTurns(candles: Candles, interval: Interval, cuts: readonly number[], turns: () => boolean) {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), candles.length];
  const columns: Columns = {};
  for (const name of ROWS.flatMap(outputsOf)) columns[name] = new Float64Array(candles.length).fill(-1);
  let state: Uint8Array | undefined;
  for (let piece = 0; piece + 1 < edges.length; piece++) {
    const engine = createFeatureEngine(interval, ROWS, { twins: turns() });
    if (state) engine.restore(state);
    const run = engine.run(sliceCandles(candles, edges[piece]!, edges[piece + 1]!));
    for (const [name, values] of Object.entries(run.columns)) columns[name]!.set(values, edges[piece]);
    state = engine.save();
  }
  return { columns, state: state! };
}

/** Compares with TypeScript alone. */
function expectLaw(candles: Candles, interval: Interval, cuts: readonly number[], turns: () => boolean): void {
  const { columns, state } = byTurns(candles, interval, cuts, turns);
  const expected = byTurns(candles, interval, [], () => false);
  expect(differences(columns, expected.columns)).toEqual([]);
  expect(Buffer.from(state).equals(expected.state)).toBe(true);
}

describe('an engine with twins has the columns and the checkpoint of one without', () => {
  test.each(INTERVALS)('at %s', (interval) => {
    expectLaw(roughCandles(interval, 1_000, 3), interval, [], () => true);
  });

  test.each(Object.keys(SHAPES) as Shape[])('on the shape %s', (shape) => {
    expectLaw(sampleCandles('1h', 900, shape), '1h', [], () => true);
  });

  test.each([1e-300, 1e300])('on prices and volumes of about %d', (level) => {
    const candles = roughCandles('4h', 400, 5);
    for (const name of ['open', 'high', 'low', 'close', 'volume', 'takerBuyVolume'] as const) {
      const column = candles[name];
      for (const [i, value] of column.entries()) column[i] = (value / 100) * level;
    }
    expectLaw(candles, '4h', [], () => true);
  });

  test.each(['4h', '1d', '1M'] as const)('at %s, also if they take turns at random cuts', (interval) => {
    const candles = roughCandles(interval, 420, 7);
    fc.assert(
      fc.property(fc.array(fc.nat(420), { maxLength: 12 }), fc.infiniteStream(fc.boolean()), (cuts, turns) =>
        expectLaw(candles, interval, cuts, () => turns.next().value),
      ),
      { numRuns: 15 },
    );
  });

  test('also over chunks of a year, for which the memory grows', () => {
    const candles = roughCandles('1h', 9_000, 9);
    const engines = [true, false].map((twins) => createFeatureEngine('1h', ROWS, { twins }));
    for (const [from, to] of [
      [0, 50],
      [50, 3_000],
      [3_000, 3_010],
      [3_010, 9_000],
    ] as const) {
      const [ours, expected] = engines.map((engine) => copy(engine.run(sliceCandles(candles, from, to)).columns));
      expect(differences(ours!, expected!)).toEqual([]);
    }
    expect(engines[0]!.save()).toEqual(engines[1]!.save());
  });
});
