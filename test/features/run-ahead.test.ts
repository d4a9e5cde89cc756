import fc from 'fast-check';
import { sliceCandles } from '../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { runAhead } from '../../lib/features/run-ahead.ts';
import { type FeatureName, TABLE } from '../../lib/features/table.ts';
import { sampleCandles } from '../support/candles.ts';

const INTERVAL = '1h';
const CANDLES = sampleCandles(INTERVAL, 450, 'ordinary', 11);
const NAMES = TABLE.flatMap((row) => row.columns.map(({ name }) => name as FeatureName));
const bits = (values: Float64Array) => new BigUint64Array(values.slice().buffer);

test('runAhead gives the bits that the engine itself would give, and leaves the engine and its columns', () => {
  const engine = createFeatureEngine(INTERVAL);
  fc.assert(
    fc.property(
      fc.nat(CANDLES.length - 60),
      fc.nat(60),
      fc.uniqueArray(fc.constantFrom<FeatureName>('volatility_7d', ...NAMES), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (at, ahead, names, restored) => {
        const following = sliceCandles(CANDLES, at, at + ahead);
        engine.reset();
        const { columns } = engine.run(sliceCandles(CANDLES, 0, at));
        const state = engine.save();
        if (restored) engine.restore(state);
        const before = names.map((name) => bits(columns[name]));
        const found = names.map((name) => bits(runAhead(engine, INTERVAL, following, name)));
        expect(engine.save()).toEqual(state);
        expect(names.map((name) => bits(columns[name]))).toEqual(before);
        const expected = engine.run(following).columns;
        expect(found).toEqual(names.map((name) => bits(expected[name])));
      },
    ),
    { numRuns: 25 },
  );
});
