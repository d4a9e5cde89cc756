import { feature, featureSection, hidden } from '../feature-row.ts';
import { product, ratio } from '../kernels/arithmetic.ts';
import { sma, sumRatio } from '../kernels/averages.ts';
import { deltaVolume } from '../kernels/delta-volume.ts';
import { ema } from '../kernels/exponential-averages.ts';
import { easeOfMovement, flowVolume, priceImpact, signedVolume } from '../kernels/flows.ts';
import { definedMean } from '../kernels/moments.ts';
import { mfi, moneyFlow } from '../kernels/money-flow-index.ts';
import { runningSum, runningSumOscillator } from '../kernels/running-sums.ts';
import { ALL_MODELS, VOLUMES } from './models-and-inputs.ts';

/** Volume and flow. */
export const VOLUME = featureSection(
  hidden(['signed_volume'], { kernel: signedVolume, inputs: ['close', 'volume'] }),
  feature(
    { obv: ['Volume of rises less that of falls, summed', 'total(if(first, volume, volume * sign(change)))'] },
    { kernel: runningSum, inputs: ['signed_volume'], source: 'TA-Lib OBV', type: 'float64' },
  ),
  hidden(['rising_flow', 'falling_flow'], { kernel: moneyFlow, inputs: ['typical_price', 'volume'] }),
  feature(
    {
      mfi_14: [
        'Rising money flow as a share of all money flow of 14 candles, 0 to 100',
        'if(sum(rising_flow + falling_flow, 14) < 1, 0, 100 * sum(rising_flow, 14) / sum(rising_flow + falling_flow, 14))',
      ],
    },
    {
      kernel: mfi,
      parameters: { length: 14 },
      inputs: ['rising_flow', 'falling_flow'],
      source: 'TA-Lib MFI',
      sets: ALL_MODELS,
      hidden: ['falling_flow_14'],
    },
  ),
  hidden(['bought_less_sold'], { kernel: deltaVolume, inputs: VOLUMES }),
  feature(
    { cvd: ['Bought less sold volume, summed', 'total(2 * taker_buy_volume - volume)'] },
    { kernel: runningSum, inputs: ['bought_less_sold'], type: 'float64' },
  ),
  feature(
    { taker_ratio: ['Taker buy volume ÷ volume', 'taker_buy_volume / volume'] },
    { kernel: ratio, inputs: ['takerBuyVolume', 'volume'], sets: ALL_MODELS },
  ),
  hidden(['flow_volume'], { kernel: flowVolume, inputs: ['high', 'low', 'close', 'volume'] }),
  feature(
    { ad: ['Volume times the place of the close in the candle, −1 to 1, summed', 'total(flow_volume)'] },
    { kernel: runningSum, inputs: ['flow_volume'], source: 'TA-Lib AD', type: 'float64' },
  ),
  feature(
    { adosc_3_10: ['EMA 3 less EMA 10 of ad', 'ewm(ad, 3) - ewm(ad, 10)'] },
    {
      kernel: runningSumOscillator,
      parameters: { fast: 3, slow: 10 },
      inputs: ['flow_volume'],
      source: 'TA-Lib ADOSC',
    },
  ),
  feature(
    {
      cmf_20: [
        'Share of the volume of 20 candles that went to where they closed, −1 to 1',
        'sum(flow_volume, 20) / sum(volume, 20)',
      ],
    },
    {
      kernel: sumRatio,
      parameters: { length: 20 },
      inputs: ['flow_volume', 'volume'],
      source: 'Chaikin money flow',
      sets: ALL_MODELS,
      hidden: ['volume_sum_20'],
    },
  ),
  hidden(['force_1'], { kernel: product, inputs: ['close_change', 'volume'] }),
  feature(
    { force_13: ['Exponential average of change of the close × volume', 'ema(change * volume, 13)'] },
    { kernel: ema, parameters: { length: 13 }, inputs: ['force_1'], source: 'Elder 1993' },
  ),
  hidden(['ease_1'], { kernel: easeOfMovement, inputs: ['high', 'low', 'volume'] }),
  feature(
    {
      eom_14: [
        'Mean over 14 candles of move of the middle × range for 10^8 of volume',
        'mean(or0((median - lag(median, 1)) * range / (volume / 100000000)), 14)',
      ],
    },
    { kernel: sma, parameters: { length: 14 }, inputs: ['ease_1'], source: 'Arms 1989' },
  ),
  hidden(['close_volume'], { kernel: product, inputs: ['close', 'volume'] }),
  feature(
    { vwma_20: ['Mean of 20 closes weighted by volume', 'sum(close * volume, 20) / sum(volume, 20)'] },
    { kernel: sumRatio, parameters: { length: 20 }, inputs: ['close_volume', 'volume'], hidden: ['vwma_volume_20'] },
  ),
  feature(
    { volume_sma_20: ['Mean volume of 20 candles', 'mean(volume, 20)'] },
    { kernel: sma, parameters: { length: 20 }, inputs: ['volume'], source: 'TA-Lib SMA' },
  ),
  feature(
    { volume_ratio_20: ['Volume ÷ volume_sma_20', 'volume / volume_sma_20'] },
    { kernel: ratio, inputs: ['volume', 'volume_sma_20'], sets: ALL_MODELS },
  ),
  feature(
    { delta_volume: ['Bought less sold volume', '2 * taker_buy_volume - volume'] },
    { kernel: deltaVolume, inputs: VOLUMES },
  ),
  feature(
    { trade_size: ['Mean volume of a trade', 'volume / trades'] },
    { kernel: ratio, inputs: ['volume', 'trades'] },
  ),
  hidden(['price_impact'], { kernel: priceImpact, inputs: ['log_return_1', 'quoteVolume'] }),
  feature(
    {
      amihud_20: [
        'Mean size of a log return per unit of quote volume, of the candles with trades among 20',
        'mean_of_defined(abs(log_return_1) / quote_volume, 20, 0.5)',
      ],
    },
    {
      kernel: definedMean,
      parameters: { length: 20, defined: 0.5, first: 1 },
      inputs: ['price_impact'],
      source: 'Amihud 2002',
      hidden: ['price_impact_variance_20'],
    },
  ),
);
