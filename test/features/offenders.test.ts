import { type FeatureRow, feature } from '../../lib/features/feature-row.ts';
import type { Kernel } from '../../lib/features/kernel.ts';
import { roughCandles } from '../support/candles.ts';
import { causalityOffences, foresightOffences, splitOffences, unitOffences, warmUpOffences } from './laws.ts';
import type { Unit } from './units.ts';

// The mistakes that make a backtest look good, each planted as a row of its own, and what they should have been. Every
// law is run on each: the honest twin breaks none, the offender breaks those named.

type Run = (x: Float64Array, out: Float64Array, begin: number, end: number) => void;

const WIDTH = 5;

/** A row `planted` over one input; `run` may do what no kernel should. */
function planted(run: Run, { input = 'close', warmUp = WIDTH - 1 } = {}): FeatureRow[] {
  const kernel = (): Kernel => ({
    history: 2 * WIDTH,
    warmUp,
    run: (_state, [x], [out], begin, end) => run(x!, out!, begin, end),
  });
  return [feature({ planted: ['A planted row', 'close'] }, { kernel, inputs: [input] })] as FeatureRow[];
}

const candles = roughCandles('4h', 120, 5);
const everyRow = [...candles.close.keys()];
const everyThird = everyRow.filter((row) => row % 3 === 0);

/** Names of the laws that the rows break. */
function lawsBroken(rows: FeatureRow[], unit: Unit): string[] {
  const whole = { price: 2, volume: 1 };
  const laws = {
    warmUp: warmUpOffences(rows, '4h'),
    causality: causalityOffences(rows, candles, '4h', everyRow),
    foresight: everyRow.flatMap((row) => foresightOffences(rows, candles, '4h', row, 1e6)),
    split: splitOffences(rows, candles, everyThird, '4h', (piece) => piece % 2 === 0),
    units: unitOffences(rows, new Map([['planted', unit]]), candles, '4h', whole),
  };
  return Object.entries(laws)
    .filter(([, offences]) => offences.length > 0)
    .map(([law]) => law);
}

const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length;
const deviation = (x: Float64Array) => Math.sqrt(mean(x.map((value) => (value - mean(x)) ** 2)));
const CAUSAL = ['causality', 'foresight', 'split'];

describe('an average', () => {
  test('of the rows up to now is honest', () => {
    const trailing = planted((x, out, begin, end) => {
      for (let i = begin; i < end; i++) out[i] = mean(x.subarray(i - WIDTH + 1, i + 1));
    });
    expect(lawsBroken(trailing, 'price')).toEqual([]);
  });

  test('centred on the row looks ahead', () => {
    const centred = planted((x, out, begin, end) => {
      for (let i = begin; i < end; i++) out[i] = mean(x.subarray(i - WIDTH + 1, Math.min(i + WIDTH, end)));
    });
    expect(lawsBroken(centred, 'price')).toEqual(CAUSAL);
  });
});

describe('a pivot: a high above its two neighbours on either side', () => {
  // A neighbour that is not there does not speak against it.
  const isPivot = (x: Float64Array, at: number) => Number([-2, -1, 1, 2].every((step) => !(x[at]! <= x[at + step]!)));
  const options = { input: 'high', warmUp: 0 };

  test('told when the second candle after it has confirmed it is honest', () => {
    const confirmed = planted((x, out, begin, end) => {
      for (let i = begin; i < end; i++) out[i] = isPivot(x, i - 2);
    }, options);
    expect(lawsBroken(confirmed, 'none')).toEqual([]);
  });

  test('told on its own row, unconfirmed then, looks ahead', () => {
    const unconfirmed = planted((x, out, begin, end) => {
      for (let i = begin; i < end; i++) out[i] = isPivot(x.subarray(0, end), i);
    }, options);
    expect(lawsBroken(unconfirmed, 'none')).toEqual(CAUSAL);
  });
});

describe('a z-score', () => {
  test('of a trailing window is honest', () => {
    const rolling = planted((x, out, begin, end) => {
      for (let i = begin; i < end; i++) {
        const window = x.subarray(i - WIDTH + 1, i + 1);
        const spread = deviation(window);
        out[i] = spread === 0 ? 0 : (x[i]! - mean(window)) / spread;
      }
    });
    expect(lawsBroken(rolling, 'none')).toEqual([]);
  });

  test('of the whole sample looks ahead', () => {
    const wholeSample = planted(
      (x, out, begin, end) => {
        const sample = x.slice(begin, end);
        const [middle, spread] = [mean(sample), deviation(sample)];
        for (let i = begin; i < end; i++) out[i] = spread === 0 ? 0 : (x[i]! - middle) / spread;
      },
      { warmUp: 0 },
    );
    expect(lawsBroken(wholeSample, 'none')).toEqual(CAUSAL);
  });
});

describe('a fill of rows without a value', () => {
  const change = (x: Float64Array, i: number) => x[i]! - x[i - WIDTH]!;

  test('that leaves them undefined is honest', () => {
    const unfilled = planted(
      (x, out, begin, end) => {
        for (let i = begin; i < end; i++) out[i] = change(x, i);
      },
      { warmUp: WIDTH },
    );
    expect(lawsBroken(unfilled, 'price')).toEqual([]);
  });

  test('backwards, from the next value, looks ahead, and shows values within the warm-up', () => {
    const filled = planted(
      (x, out, begin, end) => {
        for (let i = end - 1; i >= begin; i--) {
          const value = change(x, i);
          out[i] = Number.isNaN(value) && i + 1 < end ? out[i + 1]! : value;
        }
      },
      { warmUp: WIDTH },
    );
    expect(lawsBroken(filled, 'price')).toEqual(['warmUp', ...CAUSAL]);
  });
});

describe('other offenders', () => {
  test('a sum that starts again with every piece depends on how the series is cut', () => {
    const forgetful = planted(
      (x, out, begin, end) => {
        let sum = 0;
        for (let i = begin; i < end; i++) {
          sum += x[i]!;
          out[i] = sum;
        }
      },
      { warmUp: 0 },
    );
    expect(lawsBroken(forgetful, 'price')).toEqual(['split']);
  });

  test('a threshold in money is found by the units, and so is a wrong unit', () => {
    const threshold = planted(
      (x, out, begin, end) => {
        for (let i = begin; i < end; i++) out[i] = x[i]! > 150 ? 1 : 0;
      },
      { warmUp: 0 },
    );
    expect(lawsBroken(threshold, 'none')).toEqual(['units']);
    const level = planted((x, out, begin, end) => void out.set(x.subarray(begin, end), begin), { warmUp: 0 });
    expect([lawsBroken(level, 'price'), lawsBroken(level, 'none')]).toEqual([[], ['units']]);
  });
});
