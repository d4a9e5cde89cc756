import { INTERVALS } from '../../lib/domain/interval.ts';
import { labelHorizon, labelLookback } from '../../lib/labels/label-horizon.ts';
import { signalBase, signalHorizon } from '../../lib/labels/signal.ts';

test('horizon of the signal: a day of candles, 10 from 4h on; base 3, 4, 3 and 2', () => {
  expect(INTERVALS.map((interval) => [interval, signalHorizon(interval), signalBase(interval)])).toEqual([
    ['1m', 1440, 3],
    ['3m', 480, 3],
    ['5m', 288, 3],
    ['15m', 96, 3],
    ['30m', 48, 3],
    ['1h', 24, 4],
    ['2h', 12, 4],
    ['4h', 10, 3],
    ['6h', 10, 3],
    ['8h', 10, 3],
    ['12h', 10, 3],
    ['1d', 10, 2],
    ['3d', 10, 2],
    ['1w', 10, 2],
    ['1M', 10, 2],
  ]);
});

test('all labels are decided after the longest of them, and look back at those still open and at σ(20)', () => {
  const reach = (['1m', '15m', '1h', '4h', '1M'] as const).map((i) => [i, labelHorizon(i), labelLookback(i)]);
  expect(reach).toEqual([
    ['1m', 1440, 1440],
    ['15m', 96, 96],
    ['1h', 60, 24],
    ['4h', 60, 20],
    ['1M', 60, 20],
  ]);
});
