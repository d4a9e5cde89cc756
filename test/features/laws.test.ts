import fc from 'fast-check';
import { CANDLE_COLUMNS, type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import { INTERVALS, type Interval } from '../../lib/domain/interval.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { TABLE } from '../../lib/features/table.ts';
import { warmUps } from '../../lib/features/warm-up.ts';
import { roughCandles, SHAPES, type Shape, sampleCandles } from './sample-candles.ts';

// Every law holds for every row of the table; nothing here names an indicator. Windows of days are short at 4h.
const ROWS: readonly FeatureRow[] = TABLE;
const NAMES = ROWS.flatMap((row) => row.columns.map((column) => column.name));
const OUTPUTS = ROWS.flatMap(outputsOf);
const INTERVAL: Interval = '4h';

type Columns = Record<string, Float64Array>;

function featuresOf(candles: Candles, interval: Interval = INTERVAL): Columns {
  return copy(createFeatureEngine(interval).run(candles).columns);
}

function copy(columns: Readonly<Record<string, Float64Array>>): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice()]));
}

/** First row whose bits differ, or -1. NaN is NaN whatever its bits: all of them become null. */
function firstDifference(a: Float64Array, b: Float64Array): number {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return a.length === b.length ? -1 : Math.min(a.length, b.length);
}

function expectEqualBits(a: Columns, b: Columns, rows?: number): void {
  const differing = Object.keys(a)
    .map((name) => ({ name, row: firstDifference(a[name]!.subarray(0, rows), b[name]!.subarray(0, rows)) }))
    .filter(({ row }) => row >= 0);
  expect(differing).toEqual([]);
}

describe('warm-up is exact', () => {
  test.each(INTERVALS)('at %s: every column begins at its row and has no hole after it', (interval) => {
    const known = warmUps(interval);
    const longest = Math.max(...[...known.values()].filter(Number.isFinite));
    const length = longest + 40;
    const columns = featuresOf(sampleCandles(interval, length), interval);
    const said = NAMES.map((name) => [name, Math.min(known.get(name)!, length), 0]);
    const found = NAMES.map((name) => {
      const values = columns[name]!;
      const begin = values.findIndex((value) => !Number.isNaN(value));
      const first = begin < 0 ? length : begin;
      return [name, first, values.subarray(first).filter(Number.isNaN).length];
    });
    expect(found).toEqual(said);
  });
});

describe('causality, bit for bit', () => {
  const candles = roughCandles(INTERVAL, 400);
  const whole = featuresOf(candles);

  test('the features of the first candles are those of the series cut there', () => {
    for (const rows of [1, 2, 20, 43, 200, 399]) {
      expectEqualBits(featuresOf(sliceCandles(candles, 0, rows)), whole, rows);
    }
  });

  test('changing a candle leaves every row before it as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 399 }), fc.double({ min: 0.1, max: 10, noNaN: true }), (row, factor) => {
        const changed = sliceCandles(candles, 0, 400);
        const edited = Object.fromEntries(CANDLE_COLUMNS.map((name) => [name, changed[name].slice()]));
        for (const name of CANDLE_COLUMNS) edited[name]![row] = Math.floor(edited[name]![row]! * factor) + 1;
        expectEqualBits(featuresOf({ length: 400, ...edited } as unknown as Candles), whole, row);
      }),
      { numRuns: 30 },
    );
  });

  test('changing the last candle changes something: the law above can fail', () => {
    const edited = { ...candles, close: candles.close.slice(), volume: candles.volume.slice() };
    edited.close[399]! *= 1.01;
    edited.volume[399]! += 5;
    const changed = featuresOf(edited);
    const moved = NAMES.filter((name) => !Object.is(changed[name]![399], whole[name]![399]));
    expect(moved).toEqual(expect.arrayContaining(['sma_20', 'rsi_14', 'obv', 'volume_mean_1d', 'macd_12_26_9']));
  });
});

describe('any split gives the same bits', () => {
  function inPieces(
    candles: Candles,
    cuts: readonly number[],
    interval: Interval,
    restart: (piece: number) => boolean,
  ) {
    let engine = createFeatureEngine(interval);
    const columns: Columns = {};
    for (const name of OUTPUTS) columns[name] = new Float64Array(candles.length).fill(-1);
    const edges = [0, ...[...cuts].sort((a, b) => a - b), candles.length];
    for (let piece = 0; piece + 1 < edges.length; piece++) {
      const [from, to] = [edges[piece]!, edges[piece + 1]!];
      if (restart(piece)) {
        const bytes = engine.save();
        engine = createFeatureEngine(interval);
        engine.restore(bytes);
      }
      const run = engine.run(sliceCandles(candles, from, to));
      expect(run.length).toBe(to - from);
      for (const name of OUTPUTS) columns[name]!.set((run.columns as Columns)[name]!, from);
    }
    return { columns, state: engine.save() };
  }

  function whole(candles: Candles, interval: Interval) {
    const engine = createFeatureEngine(interval);
    const columns = copy(engine.run(candles).columns);
    return { columns, state: engine.save() };
  }

  test.each(['4h', '1h', '1d', '1M'] as const)(
    'at %s, with the state saved and restored at random cuts',
    (interval) => {
      const candles = roughCandles(interval, 420, 7);
      const once = whole(candles, interval);
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 420 }), { maxLength: 12 }),
          fc.infiniteStream(fc.boolean()),
          (cuts, restarts) => {
            const pieces = inPieces(candles, cuts, interval, () => restarts.next().value);
            expectEqualBits(once.columns, pieces.columns);
            expect(Buffer.compare(pieces.state, once.state)).toBe(0);
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('one candle at a time, as they come in live, restored before each', () => {
    const candles = roughCandles(INTERVAL, 300, 9);
    const once = whole(candles, INTERVAL);
    const single = inPieces(candles, [...Array(300).keys()], INTERVAL, () => true);
    expectEqualBits(once.columns, single.columns);
    expect(Buffer.compare(single.state, once.state)).toBe(0);
  });

  test('with windows of 10,080 candles, cut in the middle of them', () => {
    const candles = roughCandles('1m', 24_000, 3);
    const once = whole(candles, '1m');
    const pieces = inPieces(candles, [1, 1, 2880, 10_079, 10_080, 10_081, 17_777], '1m', (piece) => piece % 2 === 0);
    expectEqualBits(once.columns, pieces.columns);
    expect(Buffer.compare(pieces.state, once.state)).toBe(0);
  });
});

describe('purity', () => {
  test('candles are left as they are, and running again gives the same', () => {
    const candles = roughCandles(INTERVAL, 200);
    const before = CANDLE_COLUMNS.map((name) => candles[name].slice());
    const engine = createFeatureEngine(INTERVAL);
    const first = copy(engine.run(candles).columns);
    const state = engine.save();
    engine.run(roughCandles(INTERVAL, 90, 5));
    engine.reset();
    expectEqualBits(copy(engine.run(candles).columns), first);
    expect(engine.save()).toEqual(state);
    expect(CANDLE_COLUMNS.map((name) => candles[name])).toEqual(before);
  });

  test('two engines do not meddle with each other', () => {
    const [a, b] = [roughCandles(INTERVAL, 200, 1), roughCandles(INTERVAL, 200, 2)];
    const [engineA, engineB] = [createFeatureEngine(INTERVAL), createFeatureEngine(INTERVAL)];
    engineA.run(sliceCandles(a, 0, 100));
    engineB.run(b);
    const rest = copy(engineA.run(sliceCandles(a, 100, 200)).columns);
    const expected = featuresOf(a);
    expectEqualBits(rest, Object.fromEntries(OUTPUTS.map((name) => [name, expected[name]!.slice(100)])));
  });
});

describe('edges', () => {
  const shapes = Object.keys(SHAPES) as Shape[];

  test.each(shapes)('%s candles give finite numbers or nothing, and flags of −1 to 2', (shape) => {
    const columns = featuresOf(sampleCandles(INTERVAL, 300, shape));
    for (const row of ROWS) {
      for (const { name, type } of row.columns) {
        const defined = columns[name]!.filter((value) => !Number.isNaN(value));
        expect([name, defined.filter((value) => !Number.isFinite(value))]).toEqual([name, new Float64Array()]);
        if (type === 'int8')
          expect([name, defined.filter((v) => ![-1, 0, 1, 2].includes(v)).length]).toEqual([name, 0]);
        if (type === 'float32')
          expect([name, defined.filter((v) => !Number.isFinite(Math.fround(v))).length]).toEqual([name, 0]);
        if (/0 to 100/.test(row.columns.find((c) => c.name === name)!.meaning)) {
          const outside = defined.filter((value) => value < 0 || value > 100 + 1e-9);
          expect([name, outside.length]).toEqual([name, 0]);
        }
      }
    }
  });

  test('no candles give no rows', () => {
    const engine = createFeatureEngine(INTERVAL);
    const run = engine.run(sampleCandles(INTERVAL, 0));
    expect(run.length).toBe(0);
    expect(NAMES.map((name) => (run.columns as Columns)[name]!.length)).toEqual(NAMES.map(() => 0));
    expect(engine.save()).toEqual(createFeatureEngine(INTERVAL).save());
  });

  test('a series as long as the warm-up has no value yet, one candle more gives the first', () => {
    const known = warmUps(INTERVAL);
    for (const name of NAMES) {
      const warmUp = known.get(name)!;
      const defined = (length: number) =>
        featuresOf(sampleCandles(INTERVAL, length))[name]!.filter((value) => !Number.isNaN(value)).length;
      expect([name, defined(warmUp), defined(warmUp + 1)]).toEqual([name, 0, 1]);
    }
  });
});
