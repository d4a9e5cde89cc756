import { allocateCandles } from '../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { goldensIn, readGolden } from './goldens.ts';

// Candles on a coarse grid of prices: every pattern many times, and many candles exactly as long as the average.
const prices = readGolden('patterns', 'candles');
const candles = allocateCandles(prices['close']!.length);
for (const name of ['open', 'high', 'low', 'close'] as const) candles[name].set(prices[name]!);
const { columns } = createFeatureEngine('4h').run(candles);
const names = goldensIn('patterns').filter((name) => name !== 'candles') as FeatureName[];

test('all fifteen patterns are here', () => {
  expect(names).toEqual(
    Object.keys(columns)
      .filter((name) => /^cdl_/.test(name))
      .sort(),
  );
  expect(names).toHaveLength(15);
});

test.each(names)('%s is what TA-Lib finds, candle for candle', (name) => {
  const golden = readGolden('patterns', name);
  const theirs = golden['row']!.map((row, i) => [row, golden['sign']![i]]);
  const ours = [...columns[name].entries()].filter(([, sign]) => sign === 1 || sign === -1);
  expect(ours).toEqual(theirs);
  expect(theirs.length).toBeGreaterThanOrEqual(10);
});
