import * as ti from 'technicalindicators';

/** The candle columns the peer reads: plain arrays, which is what it takes. */
export interface PeerCandles {
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
}

type Row = number | object | undefined;

/**
 * The indicators that technicalindicators has as well, with our parameters. It starts its outputs at the first value;
 * how the values differ from ours is told in docs/performance.md.
 */
export const PEER_INDICATORS: Readonly<Record<string, (candles: PeerCandles) => Row[]>> = {
  sma_20: ({ close }) => ti.SMA.calculate({ period: 20, values: close }),
  ema_20: ({ close }) => ti.EMA.calculate({ period: 20, values: close }),
  ema_200: ({ close }) => ti.EMA.calculate({ period: 200, values: close }),
  macd_12_26_9: ({ close }) =>
    ti.MACD.calculate({
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
      values: close,
    }),
  adx_14: ({ high, low, close }) => ti.ADX.calculate({ period: 14, high, low, close }),
  rsi_14: ({ close }) => ti.RSI.calculate({ period: 14, values: close }),
  stoch_14_3_3: ({ high, low, close }) => ti.Stochastic.calculate({ period: 14, signalPeriod: 3, high, low, close }),
  cci_20: ({ high, low, close }) => ti.CCI.calculate({ period: 20, high, low, close }),
  roc_10: ({ close }) => ti.ROC.calculate({ period: 10, values: close }),
  atr_14: ({ high, low, close }) => ti.ATR.calculate({ period: 14, high, low, close }),
  bbands_20_2: ({ close }) => ti.BollingerBands.calculate({ period: 20, stdDev: 2, values: close }),
  obv: ({ close, volume }) => ti.OBV.calculate({ close, volume }),
  wma_20: ({ close }) => ti.WMA.calculate({ period: 20, values: close }),
  stochrsi_14_14_3: ({ close }) =>
    ti.StochasticRSI.calculate({ rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 1, dPeriod: 3, values: close }),
  willr_14: ({ high, low, close }) => ti.WilliamsR.calculate({ period: 14, high, low, close }),
  sar_0p02_0p2: ({ high, low }) => ti.PSAR.calculate({ step: 0.02, max: 0.2, high, low }),
  trix_15: ({ close }) => ti.TRIX.calculate({ period: 15, values: close }),
  mfi_14: ({ high, low, close, volume }) => ti.MFI.calculate({ period: 14, high, low, close, volume }),
};

/** The rows of one indicator as columns of `length`, NaN in front. */
export function peerColumns(name: string, rows: readonly Row[], length: number): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {};
  const offset = length - rows.length;
  const column = (key: string) => {
    columns[key] ??= new Float64Array(length).fill(Number.NaN);
    return columns[key];
  };
  rows.forEach((row, index) => {
    if (typeof row === 'number') column(name)[offset + index] = row;
    else {
      for (const [key, value] of Object.entries(row ?? {})) {
        if (typeof value === 'number') column(`${name}_${key}`)[offset + index] = value;
      }
    }
  });
  return columns;
}
