import { feature, featureSection, hidden } from '../feature-row.ts';
import { candleTotals } from '../kernels/patterns/candle-totals.ts';
import { doji, hammers, marubozu, spinningTop } from '../kernels/patterns/one-candle.ts';
import { eveningStar, morningStar, threeBlackCrows, threeWhiteSoldiers } from '../kernels/patterns/three-candles.ts';
import { darkCloudCover, engulfing, harami, piercing } from '../kernels/patterns/two-candles.ts';
import { TABULAR_MODELS } from './models-and-inputs.ts';

const BODY = ['candle_body', 'candle_top', 'candle_bottom'] as const;
const BODY_TOTALS = ['body_total_10', 'body_total_11', 'body_total_12'] as const;
const RANGE_TOTALS = ['range_total_10', 'range_total_11', 'range_total_12'] as const;
const FIVE_RANGE_TOTALS = ['five_range_total_10', 'five_range_total_11'] as const;
const PATTERN = { sets: TABULAR_MODELS, type: 'int8' } as const;
const SHADOWS = ['candle_upper', 'candle_lower'] as const;

/**
 * Candle patterns, each the sign of TA-Lib's. The number at the end of a total is the candle from which TA-Lib would
 * have summed it up, which differs from pattern to pattern.
 */
export const PATTERNS = featureSection(
  hidden(BODY_TOTALS, {
    kernel: candleTotals,
    parameters: { length: 10, first: 10, count: 3 },
    inputs: ['candle_body'],
  }),
  hidden([...RANGE_TOTALS, 'range_total_13'], {
    kernel: candleTotals,
    parameters: { length: 10, first: 10, count: 4 },
    inputs: ['candle_range'],
  }),
  hidden(FIVE_RANGE_TOTALS, {
    kernel: candleTotals,
    parameters: { length: 5, first: 10, count: 2 },
    inputs: ['candle_range'],
  }),
  feature(
    {
      cdl_doji: ['1 if the body is small beside the usual range, else 0', 'if(body <= 0.1 * before(range, 10), 1, 0)'],
    },
    { kernel: doji, inputs: ['open', 'close', 'range_total_10'], source: 'TA-Lib CDLDOJI', ...PATTERN },
  ),
  feature(
    {
      cdl_hammer: [
        '1 for a small body over a long lower shadow, near or below the low before',
        'if(body < before(body, 10) and lower > body and upper < 0.1 * before(range, 10) and bottom <= lag(low + 0.2 * before(range, 5), 1), 1, 0)',
      ],
      cdl_inverted_hammer: [
        '1 for a small body under a long upper shadow, below the body before',
        'if(body < before(body, 10) and upper > body and lower < 0.1 * before(range, 10) and top < lag(bottom, 1), 1, 0)',
      ],
      cdl_hanging_man: [
        '−1 for a small body over a long lower shadow, near or above the high before',
        'if(body < before(body, 10) and lower > body and upper < 0.1 * before(range, 10) and bottom >= lag(high - 0.2 * before(range, 5), 1), -1, 0)',
      ],
      cdl_shooting_star: [
        '−1 for a small body under a long upper shadow, above the body before',
        'if(body < before(body, 10) and upper > body and lower < 0.1 * before(range, 10) and bottom > lag(top, 1), -1, 0)',
      ],
    },
    {
      kernel: hammers,
      inputs: ['high', 'low', ...BODY, ...SHADOWS, 'body_total_11', 'range_total_11', 'five_range_total_10'],
      source: 'TA-Lib CDLHAMMER, CDLINVERTEDHAMMER, CDLHANGINGMAN, CDLSHOOTINGSTAR',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_engulfing: [
        '1 for a rise, −1 for a fall that covers the opposite body before',
        'if(side != lag(side, 1) and top >= lag(top, 1) and bottom <= lag(bottom, 1) and (top > lag(top, 1) or bottom < lag(bottom, 1)), side, 0)',
      ],
    },
    {
      kernel: engulfing,
      inputs: ['open', 'close', 'candle_top', 'candle_bottom'],
      source: 'TA-Lib CDLENGULFING',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_harami: [
        'A small body in the long body before: 1 after a fall, −1 after a rise',
        'if(lag(body > before(body, 10), 1) and body <= before(body, 10) and top <= lag(top, 1) and bottom >= lag(bottom, 1), -lag(side, 1), 0)',
      ],
    },
    {
      kernel: harami,
      inputs: ['open', 'close', ...BODY, 'body_total_10', 'body_total_11'],
      source: 'TA-Lib CDLHARAMI',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_piercing: [
        '1 for a long rise from below the long fall before into the upper half of it',
        'if(lag(side < 0 and body > before(body, 10), 1) and side > 0 and body > before(body, 10) and open < lag(low, 1) and close < lag(open, 1) and close > lag(close + 0.5 * body, 1), 1, 0)',
      ],
    },
    {
      kernel: piercing,
      inputs: ['open', 'low', 'close', 'body_total_10', 'body_total_11'],
      source: 'TA-Lib CDLPIERCING',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_dark_cloud_cover: [
        '−1 for a fall from above the long rise before into the lower half of it',
        'if(lag(side > 0 and body > before(body, 10), 1) and side < 0 and open > lag(high, 1) and close > lag(open, 1) and close < lag(close - 0.5 * body, 1), -1, 0)',
      ],
    },
    {
      kernel: darkCloudCover,
      inputs: ['open', 'high', 'close', 'body_total_10'],
      source: 'TA-Lib CDLDARKCLOUDCOVER, penetration 0.5',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_morning_star: [
        '1 for a long fall, a small body below it and a rise into it',
        'if(lag(side < 0 and body > before(body, 10), 2) and lag(body <= before(body, 10), 1) and lag(top, 1) < lag(bottom, 2) and side > 0 and body > before(body, 10) and close > lag(close + 0.3 * body, 2), 1, 0)',
      ],
    },
    {
      kernel: morningStar,
      inputs: ['open', 'close', ...BODY, ...BODY_TOTALS],
      source: 'TA-Lib CDLMORNINGSTAR, penetration 0.3',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_evening_star: [
        '−1 for a long rise, a small body above it and a fall into it',
        'if(lag(side > 0 and body > before(body, 10), 2) and lag(body <= before(body, 10), 1) and lag(bottom, 1) > lag(top, 2) and side < 0 and body > before(body, 10) and close < lag(close - 0.3 * body, 2), -1, 0)',
      ],
    },
    {
      kernel: eveningStar,
      inputs: ['open', 'close', ...BODY, ...BODY_TOTALS],
      source: 'TA-Lib CDLEVENINGSTAR, penetration 0.3',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_three_white_soldiers: [
        '1 for three rises in a row that close near their highs',
        'if(all(side > 0 and upper < 0.1 * before(range, 10), 3) and all(close > lag(close, 1) and open > lag(open, 1) and open <= lag(close + 0.2 * before(range, 5), 1) and body > lag(body - 0.6 * before(range, 5), 1), 2) and body > before(body, 10), 1, 0)',
      ],
    },
    {
      kernel: threeWhiteSoldiers,
      inputs: ['open', 'close', 'candle_upper', 'body_total_12', ...RANGE_TOTALS, ...FIVE_RANGE_TOTALS],
      source: 'TA-Lib CDL3WHITESOLDIERS',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_three_black_crows: [
        '−1 for three falls in a row that close near their lows',
        'if(lag(side > 0, 3) and all(side < 0 and lower < 0.1 * before(range, 10), 3) and all(open < lag(open, 1) and open > lag(close, 1) and close < lag(close, 1), 2) and lag(high, 3) > lag(close, 2), -1, 0)',
      ],
    },
    {
      kernel: threeBlackCrows,
      inputs: ['open', 'high', 'close', 'candle_lower', 'range_total_11', 'range_total_12', 'range_total_13'],
      source: 'TA-Lib CDL3BLACKCROWS',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_marubozu: [
        '1 for a long rise, −1 for a long fall, with hardly a shadow',
        'if(body > before(body, 10) and upper < 0.1 * before(range, 10) and lower < 0.1 * before(range, 10), side, 0)',
      ],
    },
    {
      kernel: marubozu,
      inputs: ['open', 'close', 'candle_body', ...SHADOWS, 'body_total_10', 'range_total_10'],
      source: 'TA-Lib CDLMARUBOZU',
      ...PATTERN,
    },
  ),
  feature(
    {
      cdl_spinning_top: [
        '1 for a rise, −1 for a fall, small between two longer shadows',
        'if(body < before(body, 10) and upper > body and lower > body, side, 0)',
      ],
    },
    {
      kernel: spinningTop,
      inputs: ['open', 'close', 'candle_body', ...SHADOWS, 'body_total_10'],
      source: 'TA-Lib CDLSPINNINGTOP',
      ...PATTERN,
    },
  ),
);
