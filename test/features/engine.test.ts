import { UnexpectedFormat } from '../../lib/domain/errors.ts';
import { writeCheckpoint } from '../../lib/features/checkpoint.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import { feature, hidden } from '../../lib/features/feature-row.ts';
import { sma } from '../../lib/features/kernels/averages.ts';
import { sampleCandles } from '../support/candles.ts';

describe('a saved state', () => {
  const candles = sampleCandles('4h', 100);
  const engine = createFeatureEngine('4h');
  engine.run(candles);
  const bytes = engine.save();

  test('knows how many candles it has seen', () => {
    const other = createFeatureEngine('4h');
    other.restore(bytes);
    expect(other.index).toBe(100);
    expect(other.save()).toEqual(bytes);
  });

  test('can be read from the middle of another buffer', () => {
    const around = new Uint8Array(bytes.length + 3);
    around.set(bytes, 3);
    const other = createFeatureEngine('4h');
    other.restore(around.subarray(3));
    expect(other.save()).toEqual(bytes);
  });

  test('replaces whatever the engine remembered', () => {
    const other = createFeatureEngine('4h');
    other.run(sampleCandles('4h', 500, 'ordinary', 2));
    other.restore(bytes);
    expect(other.save()).toEqual(bytes);
  });

  const damaged = (change: (view: DataView) => void) => {
    const copy = bytes.slice();
    change(new DataView(copy.buffer));
    return copy;
  };
  test.each([
    ['truncated', bytes.subarray(0, bytes.length - 8), /bytes, expected/],
    ['empty', new Uint8Array(), /0 bytes, expected/],
    ['of another kind', damaged((view) => view.setUint32(0, 1)), /magic/],
    ['of a later version', damaged((view) => view.setUint32(4, 3, true)), /version 3, expected 2/],
    ['of an earlier version', damaged((view) => view.setUint32(4, 1, true)), /version 1, expected 2/],
    ['of another table', damaged((view) => view.setUint32(8, 1)), /another feature table/],
  ])('%s is refused', (_what, wrong, message) => {
    const other = createFeatureEngine('4h');
    expect(() => other.restore(wrong)).toThrow(message);
    expect(() => other.restore(wrong)).toThrow(UnexpectedFormat);
  });

  test('of another interval is refused, even if it has the same size', () => {
    const rows = [
      feature({ a: ['Mean of 3', 'mean(close, 3)'] }, { kernel: sma, parameters: { length: 3 }, inputs: ['close'] }),
    ];
    const state = createFeatureEngine('1h', rows).save();
    expect(() => createFeatureEngine('2h', rows).restore(state)).toThrow(/another interval/);
  });
});

test('equal states are equal bytes, whatever the bits of their NaN', () => {
  const odd = new Float64Array(new BigUint64Array([0xfff8000000000001n, 0x7ff8000000000000n]).buffer);
  expect(odd).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  expect(writeCheckpoint('layout', 7, [odd])).toEqual(
    writeCheckpoint('layout', 7, [new Float64Array(2).fill(Number.NaN)]),
  );
});

test('rows may read earlier rows, hidden ones too, and no others', () => {
  const first = hidden(['mean_2'], { kernel: sma, parameters: { length: 2 }, inputs: ['close'] });
  const second = feature(
    { mean_mean: ['Mean of the mean', 'mean(mean(close, 2), 2)'] },
    { kernel: sma, parameters: { length: 2 }, inputs: ['mean_2'] },
  );
  const candles = sampleCandles('1h', 4);
  candles.close.set([1, 3, 5, 9]);
  const { columns } = createFeatureEngine('1h', [first, second]).run(candles);
  expect([...(columns as Record<string, Float64Array>)['mean_mean']!]).toEqual([Number.NaN, Number.NaN, 3, 5.5]);
  expect(() => createFeatureEngine('1h', [second, first])).toThrow(/earlier row, got 'mean_2'/);
});
