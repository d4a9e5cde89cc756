import fc from 'fast-check';
import { CANDLE_COLUMNS, type Candles, sliceCandles } from '../../lib/domain/candles.ts';
import { INTERVALS, type Interval } from '../../lib/domain/interval.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { type FeatureRow, outputsOf } from '../../lib/features/feature-row.ts';
import { warmUps } from '../../lib/features/warm-up.ts';
import { roughCandles, SHAPES, type Shape, sampleCandles } from '../support/candles.ts';
import { lawRows } from './law-rows.ts';
import {
  type Columns,
  causalityOffences,
  copy,
  differences,
  foresightOffences,
  inPieces,
  featuresOf as lawsFeaturesOf,
  splitOffences,
  unitOffences,
  warmUpOffences,
} from './laws.ts';
import { POWERS, UNITS } from './units.ts';

// Every law holds for every row of the table; nothing here names an indicator. Windows of days are short at 4h. For
// anyone who works on one row: `npm run laws -- rsi` asks for those that begin so.
const ROWS: readonly FeatureRow[] = lawRows(process.env['CANDLELAKE_LAWS'] ?? '');
const NAMES = ROWS.flatMap((row) => row.columns.map((column) => column.name));
const OUTPUTS = ROWS.flatMap(outputsOf);
const INTERVAL: Interval = '4h';

function featuresOf(candles: Candles, interval: Interval = INTERVAL): Columns {
  return lawsFeaturesOf(ROWS, candles, interval);
}

function expectEqualBits(a: Columns, b: Columns): void {
  expect(differences(a, b)).toEqual([]);
}

test.each(INTERVALS)('warm-up is exact at %s: every column begins at its row and has no hole after it', (interval) => {
  expect(warmUpOffences(ROWS, interval)).toEqual([]);
});

describe('causality, bit for bit', () => {
  const candles = roughCandles(INTERVAL, 400);
  const whole = featuresOf(candles);

  test('the features of the first candles are those of the series cut there', () => {
    expect(causalityOffences(ROWS, candles, INTERVAL, [1, 2, 20, 43, 200, 399])).toEqual([]);
  });

  test('changing a candle, even a millionfold, leaves every row before it as it was', () => {
    const factor = fc.oneof(fc.double({ min: 0.1, max: 10, noNaN: true }), fc.constantFrom(1e-6, 1e6));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 399 }), factor, (row, by) => {
        expect(foresightOffences(ROWS, candles, INTERVAL, row, by, whole)).toEqual([]);
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
    const follow = ['sma_20', 'rsi_14', 'obv', 'volume_mean_1d', 'macd_12_26_9'].filter((name) => NAMES.includes(name));
    expect(moved).toEqual(expect.arrayContaining(follow));
  });
});

describe('any split gives the same bits', () => {
  const wholeOf = (candles: Candles, interval: Interval) => inPieces(ROWS, candles, [], interval, () => false);

  test.each(['4h', '1h', '1d', '1M'] as const)(
    'at %s, with the state saved and restored at random cuts',
    (interval) => {
      const candles = roughCandles(interval, 420, 7);
      const whole = wholeOf(candles, interval);
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 420 }), { maxLength: 12 }),
          fc.infiniteStream(fc.boolean()),
          (cuts, restarts) => {
            const restart = () => restarts.next().value;
            expect(splitOffences(ROWS, candles, cuts, interval, restart, whole)).toEqual([]);
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test('one candle at a time, as they come in live, restored before each', () => {
    const candles = roughCandles(INTERVAL, 300, 9);
    expect(splitOffences(ROWS, candles, [...Array(300).keys()], INTERVAL, () => true)).toEqual([]);
  });

  test('with windows of 10,080 candles, cut in the middle of them', () => {
    const candles = roughCandles('1m', 24_000, 3);
    const cuts = [1, 1, 2880, 10_079, 10_080, 10_081, 17_777];
    expect(splitOffences(ROWS, candles, cuts, '1m', (piece) => piece % 2 === 0)).toEqual([]);
  });
});

describe('units', () => {
  test('every column has one', () => {
    expect(NAMES.filter((name) => !UNITS.has(name))).toEqual([]);
  });

  test.each([
    { price: 2, volume: 1 },
    { price: 1, volume: 2 },
    { price: 1024, volume: 32 },
  ])('columns follow prices × $price and volumes × $volume as their unit says', (by) => {
    expect(unitOffences(ROWS, UNITS, roughCandles(INTERVAL, 400, 21), INTERVAL, by)).toEqual([]);
    expect(unitOffences(ROWS, UNITS, sampleCandles('1h', 400, 'ordinary', 22), '1h', by)).toEqual([]);
  });

  test('no set of features has a column that depends on the price level', () => {
    const inSets = ROWS.flatMap((row) => row.columns).filter(({ sets }) => sets.length > 0);
    expect(inSets.filter(({ name }) => POWERS[UNITS.get(name)!].price !== 0).map(({ name }) => name)).toEqual([]);
  });
});

describe('purity', () => {
  test('candles are left as they are, and running again gives the same', () => {
    const candles = roughCandles(INTERVAL, 200);
    const before = CANDLE_COLUMNS.map((name) => candles[name].slice());
    const engine = createFeatureEngine(INTERVAL, ROWS);
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
    const [engineA, engineB] = [createFeatureEngine(INTERVAL, ROWS), createFeatureEngine(INTERVAL, ROWS)];
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
    const engine = createFeatureEngine(INTERVAL, ROWS);
    const run = engine.run(sampleCandles(INTERVAL, 0));
    expect(run.length).toBe(0);
    expect(NAMES.map((name) => (run.columns as Columns)[name]!.length)).toEqual(NAMES.map(() => 0));
    expect(engine.save()).toEqual(createFeatureEngine(INTERVAL, ROWS).save());
  });

  test('a series as long as the warm-up has no value yet, one candle more gives the first', () => {
    const known = warmUps(INTERVAL, ROWS);
    const lengths = new Set([...known.values()].flatMap((warmUp) => [warmUp, warmUp + 1]));
    const runs = new Map([...lengths].map((length) => [length, featuresOf(sampleCandles(INTERVAL, length))]));
    for (const name of NAMES) {
      const warmUp = known.get(name)!;
      const defined = (length: number) => runs.get(length)![name]!.filter((value) => !Number.isNaN(value)).length;
      expect([name, defined(warmUp), defined(warmUp + 1)]).toEqual([name, 0, 1]);
    }
  });
});
