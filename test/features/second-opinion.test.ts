import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  ADX,
  ATR,
  AwesomeOscillator,
  CCI,
  EMA,
  IchimokuCloud,
  KST,
  MACD,
  PSAR,
  ROC,
  RSI,
  SMA,
  Stochastic,
  StochasticRSI,
  TRIX,
  WilliamsR,
  WMA,
} from 'technicalindicators';
import { allocateCandles } from '../../lib/domain/candles.ts';
import { createFeatureEngine, type FeatureColumns } from '../../lib/features/engine.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { describeWithRecordedData, recordedFile } from '../support/recorded-data.ts';

interface Prices {
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
}

type Opinion = [FeatureName, (prices: Prices) => (number | undefined)[]];

const cloud = ({ high, low }: Prices) =>
  IchimokuCloud.calculate({ high, low, conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26 });
const sureThing = ({ close }: Prices) =>
  KST.calculate({
    values: close,
    ROCPer1: 10,
    ROCPer2: 15,
    ROCPer3: 20,
    ROCPer4: 30,
    SMAROCPer1: 10,
    SMAROCPer2: 10,
    SMAROCPer3: 10,
    SMAROCPer4: 15,
    signalPeriod: 9,
  });

// technicalindicators 3.1 agrees on these. Its last value is that of the last candle, so
// columns are compared from there.
const RIGHT: Opinion[] = [
  ['sma_20', ({ close }) => SMA.calculate({ period: 20, values: close })],
  ['ema_20', ({ close }) => EMA.calculate({ period: 20, values: close })],
  ['ema_200', ({ close }) => EMA.calculate({ period: 200, values: close })],
  ['wma_20', ({ close }) => WMA.calculate({ period: 20, values: close })],
  ['trix_15', ({ close }) => TRIX.calculate({ period: 15, values: close }) as number[]],
  ['atr_14', ({ high, low, close }) => ATR.calculate({ high, low, close, period: 14 })],
  ['roc_10', ({ close }) => ROC.calculate({ period: 10, values: close })],
  ['cci_20', ({ high, low, close }) => CCI.calculate({ high, low, close, period: 20 })],
  ['willr_14', ({ high, low, close }) => WilliamsR.calculate({ high, low, close, period: 14 })],
  [
    'stoch_14_3_3_k',
    // Its %D over 3 is the slow %K.
    ({ high, low, close }) =>
      Stochastic.calculate({ high, low, close, period: 14, signalPeriod: 3 }).map((value) => value.d),
  ],
  ['ao_5_34', ({ high, low }) => AwesomeOscillator.calculate({ high, low, fastPeriod: 5, slowPeriod: 34 })],
  ['ichimoku_9_26_52_tenkan', (prices) => cloud(prices).map((value) => value.conversion)],
  ['ichimoku_9_26_52_kijun', (prices) => cloud(prices).map((value) => value.base)],
  ['ichimoku_9_26_52_span_a', (prices) => cloud(prices).map((value) => value.spanA)],
  ['ichimoku_9_26_52_span_b', (prices) => cloud(prices).map((value) => value.spanB)],
  ['kst', (prices) => sureThing(prices).map((value) => value.kst)],
  ['kst_signal', (prices) => sureThing(prices).map((value) => value.signal)],
];

// It is wrong on these, and ours are TA-Lib's: the reason, and a distance that the two exceed at some row.
const WRONG: [FeatureName, string, Opinion[1], number][] = [
  ['rsi_14', 'rounded to 2 decimals', ({ close }) => RSI.calculate({ period: 14, values: close }), 0.004],
  [
    'stochrsi_14_14_3_d',
    'made of the rounded RSI',
    ({ close }) =>
      StochasticRSI.calculate({ values: close, rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 }).map(
        (value) => value.k,
      ),
    0.05,
  ],
  [
    'sar_0p02_0p2',
    'turns at other candles',
    ({ high, low }) => PSAR.calculate({ high, low, step: 0.02, max: 0.2 }),
    100,
  ],
  [
    'adx_14',
    'begun otherwise',
    ({ high, low, close }) => ADX.calculate({ high, low, close, period: 14 }).map((value) => value.adx),
    1,
  ],
  [
    'macd_12_26_9',
    'begun otherwise',
    ({ close }) =>
      MACD.calculate({
        values: close,
        fastPeriod: 12,
        slowPeriod: 26,
        signalPeriod: 9,
        SimpleMAOscillator: false,
        SimpleMASignal: false,
      }).map((value) => value.MACD),
    10,
  ],
];

describeWithRecordedData('technicalindicators over a recorded month of BTCUSDT 1h', () => {
  let prices: Prices;
  let columns: FeatureColumns['columns'];

  beforeAll(() => {
    const text = gunzipSync(readFileSync(recordedFile('futures-um/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2026-07.csv.gz')));
    const lines = text.toString().trim().split('\n');
    const rows = lines.map((line) => line.split(',').map(Number)).filter(([openTimeMs]) => openTimeMs! > 0);
    const candles = allocateCandles(rows.length);
    rows.forEach((row, i) => {
      for (const [place, name] of (['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const).entries()) {
        candles[name][i] = row[place]!;
      }
    });
    prices = { high: [...candles.high], low: [...candles.low], close: [...candles.close] };
    columns = createFeatureEngine('1h').run(candles).columns;
  });

  /** Theirs and ours in the rows in which both have a value. */
  function pairs(name: FeatureName, opinion: Opinion[1]): [number, number][] {
    const theirs = opinion(prices);
    const first = columns[name].length - theirs.length;
    return theirs
      .map((value, i): [number, number] => [value ?? Number.NaN, columns[name][first + i]!])
      .filter(([a, b]) => !Number.isNaN(a) && !Number.isNaN(b));
  }

  test.each(RIGHT)('%s: the same', (name, opinion) => {
    const compared = pairs(name, opinion);
    expect(compared.length).toBeGreaterThan(500);
    expect(compared.filter(([a, b]) => !(Math.abs(a - b) <= 1e-9 * Math.max(100, Math.abs(b))))).toEqual([]);
  });

  test.each(WRONG)('%s: theirs is %s', (name, _why, opinion, apart) => {
    const compared = pairs(name, opinion);
    expect(compared.length).toBeGreaterThan(500);
    expect(Math.max(...compared.map(([a, b]) => Math.abs(a - b)))).toBeGreaterThan(apart);
  });

  test('rsi_14: theirs is ours with 2 decimals', () => {
    const compared = pairs('rsi_14', ({ close }) => RSI.calculate({ period: 14, values: close }));
    expect(compared.filter(([a, b]) => Math.abs(a - b) > 0.005 + 1e-9)).toEqual([]);
  });
});
