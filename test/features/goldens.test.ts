import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureRow } from '../../lib/features/feature-row.ts';
import { type FeatureName, TABLE } from '../../lib/features/table.ts';
import { goldenCandles, goldensIn, readGolden } from './goldens.ts';
import { noteError } from './note-error.ts';
import { UNITS } from './units.ts';

const shapes = goldensIn('candles');
const results = new Map(
  shapes.map((shape) => [shape, createFeatureEngine('4h').run(goldenCandles(shape)).columns] as const),
);

/** Size of the numbers that a column is made of, because the result may be a small difference of large ones. */
function scaleOf(name: string, shape: string): number {
  const candles = goldenCandles(shape);
  if (UNITS.get(name) === 'price') return Math.max(...candles.close);
  if (/^(obv|volume|ad$|adosc)/.test(name)) return Math.max(...candles.volume);
  if (/^(rsi|stoch|mfi|adx|plus_di|minus_di|cci)/.test(name)) return 100;
  return 1;
}

describe.each(['talib', 'pandas', 'statistics'] as const)('features against %s', (folder) => {
  describe.each(goldensIn(folder))('%s', (name) => {
    const golden = readGolden(folder, name);
    test.each(shapes)('on the shape %s, to 1e-9', (shape) => {
      const ours = results.get(shape)![name as FeatureName];
      const theirs = golden[shape]!.slice(0, ours.length);
      const scale = scaleOf(name, shape);
      const tolerance = 1e-9 * scale;
      const oracle = folder === 'talib' ? 'TA-Lib 0.6.4' : 'pandas';
      for (const [row, expected] of theirs.entries()) noteError(name, oracle, expected, ours[row]!, scale);
      const differing = theirs
        .map((expected, row) => ({ row, expected, ours: ours[row]! }))
        .filter(({ expected, ours }) =>
          Number.isNaN(expected)
            ? !Number.isNaN(ours)
            : !(Math.abs(expected - ours) <= Math.max(tolerance, 1e-9 * Math.abs(expected))),
        );
      expect(differing).toEqual([]);
    });
  });
});

test('every column that names TA-Lib or the original system as its source has a golden file', () => {
  const rows: readonly FeatureRow[] = TABLE;
  const columns = rows.flatMap((row) => row.columns);
  const named = (source: string) => columns.filter((c) => c.source.startsWith(source)).map((c) => c.name);
  expect(goldensIn('talib')).toEqual(named('TA-Lib').sort());
  expect(goldensIn('pandas')).toEqual(named('the original system').sort());
});
