import { feature, featureRows, hidden } from '../feature-row.ts';
import { cumulativeDelta } from '../kernels/cumulative-delta.ts';
import { definedMean } from '../kernels/defined-mean.ts';
import { deltaVolume } from '../kernels/delta-volume.ts';
import { easeOfMovement } from '../kernels/ease-of-movement.ts';
import { ema } from '../kernels/ema.ts';
import { flowVolume } from '../kernels/flow-volume.ts';
import { force } from '../kernels/force.ts';
import { mfi } from '../kernels/mfi.ts';
import { moneyFlow } from '../kernels/money-flow.ts';
import { obv } from '../kernels/obv.ts';
import { priceImpact } from '../kernels/price-impact.ts';
import { product } from '../kernels/product.ts';
import { ratio } from '../kernels/ratio.ts';
import { runningSum } from '../kernels/running-sum.ts';
import { runningSumOscillator } from '../kernels/running-sum-oscillator.ts';
import { sma } from '../kernels/sma.ts';
import { sumRatio } from '../kernels/sum-ratio.ts';
import { every, FLOAT64, none, VOLUMES } from './words.ts';

/** Volume and flow. */
export const VOLUME = featureRows(
  feature(
    { obv: ['Volume of rises less that of falls, summed', 'total(if(first, volume, volume * sign(change)))'] },
    obv,
    {},
    ['close', 'volume'],
    'TA-Lib OBV',
    none,
    FLOAT64,
  ),
  hidden(['rising_flow', 'falling_flow'], moneyFlow, {}, ['typical_price', 'volume']),
  feature(
    {
      mfi_14: [
        'Rising money flow as a share of all money flow of 14 candles, 0 to 100',
        'if(sum(rising_flow + falling_flow, 14) < 1, 0, 100 * sum(rising_flow, 14) / sum(rising_flow + falling_flow, 14))',
      ],
    },
    mfi,
    { length: 14 },
    ['rising_flow', 'falling_flow'],
    'TA-Lib MFI',
    every,
    { hidden: ['falling_flow_14'] },
  ),
  feature(
    { cvd: ['Bought less sold volume, summed', 'total(2 * taker_buy_volume - volume)'] },
    cumulativeDelta,
    {},
    VOLUMES,
    'its definition',
    none,
    FLOAT64,
  ),
  feature(
    { taker_ratio: ['Taker buy volume ÷ volume', 'taker_buy_volume / volume'] },
    ratio,
    {},
    ['takerBuyVolume', 'volume'],
    'its definition',
    every,
  ),
  hidden(['flow_volume'], flowVolume, {}, ['high', 'low', 'close', 'volume']),
  feature(
    { ad: ['Volume times the place of the close in the candle, −1 to 1, summed', 'total(flow_volume)'] },
    runningSum,
    {},
    ['flow_volume'],
    'TA-Lib AD',
    none,
    FLOAT64,
  ),
  feature(
    { adosc_3_10: ['EMA 3 less EMA 10 of ad', 'ewm(ad, 3) - ewm(ad, 10)'] },
    runningSumOscillator,
    { fast: 3, slow: 10 },
    ['flow_volume'],
    'TA-Lib ADOSC',
    none,
  ),
  feature(
    {
      cmf_20: [
        'Share of the volume of 20 candles that went to where they closed, −1 to 1',
        'sum(flow_volume, 20) / sum(volume, 20)',
      ],
    },
    sumRatio,
    { length: 20 },
    ['flow_volume', 'volume'],
    'Chaikin money flow',
    every,
    { hidden: ['volume_sum_20'] },
  ),
  hidden(['force_1'], force, {}, ['close', 'volume']),
  feature(
    { force_13: ['Exponential average of change of the close × volume', 'ema(change * volume, 13)'] },
    ema,
    { length: 13 },
    ['force_1'],
    'Elder 1993',
    none,
  ),
  hidden(['ease_1'], easeOfMovement, {}, ['high', 'low', 'volume']),
  feature(
    {
      eom_14: [
        'Mean over 14 candles of move of the middle × range for 10^8 of volume',
        'mean(or0((median - lag(median, 1)) * range / (volume / 100000000)), 14)',
      ],
    },
    sma,
    { length: 14 },
    ['ease_1'],
    'Arms 1989',
    none,
  ),
  hidden(['close_volume'], product, {}, ['close', 'volume']),
  feature(
    { vwma_20: ['Mean of 20 closes weighted by volume', 'sum(close * volume, 20) / sum(volume, 20)'] },
    sumRatio,
    { length: 20 },
    ['close_volume', 'volume'],
    'its definition',
    none,
    { hidden: ['vwma_volume_20'] },
  ),
  feature(
    { volume_sma_20: ['Mean volume of 20 candles', 'mean(volume, 20)'] },
    sma,
    { length: 20 },
    ['volume'],
    'TA-Lib SMA',
    none,
  ),
  feature(
    { volume_ratio_20: ['Volume ÷ volume_sma_20', 'volume / volume_sma_20'] },
    ratio,
    {},
    ['volume', 'volume_sma_20'],
    'its definition',
    every,
  ),
  feature(
    { delta_volume: ['Bought less sold volume', '2 * taker_buy_volume - volume'] },
    deltaVolume,
    {},
    VOLUMES,
    'its definition',
    none,
  ),
  feature(
    { trade_size: ['Mean volume of a trade', 'volume / trades'] },
    ratio,
    {},
    ['volume', 'trades'],
    'its definition',
    none,
  ),
  hidden(['price_impact'], priceImpact, {}, ['log_return_1', 'quoteVolume']),
  feature(
    {
      amihud_20: [
        'Mean size of a log return per unit of quote volume, of the candles with trades among 20',
        'mean_of_defined(abs(log_return_1) / quote_volume, 20, 0.5)',
      ],
    },
    definedMean,
    { length: 20, defined: 0.5, first: 1 },
    ['price_impact'],
    'Amihud 2002',
    none,
    { hidden: ['price_impact_variance_20'] },
  ),
);
