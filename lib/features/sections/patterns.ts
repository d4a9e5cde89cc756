import { feature, featureRows, hidden } from '../feature-row.ts';
import { candleTotals } from '../kernels/patterns/candle-totals.ts';
import { darkCloudCover } from '../kernels/patterns/dark-cloud-cover.ts';
import { doji } from '../kernels/patterns/doji.ts';
import { engulfing } from '../kernels/patterns/engulfing.ts';
import { hammers } from '../kernels/patterns/hammers.ts';
import { harami } from '../kernels/patterns/harami.ts';
import { marubozu } from '../kernels/patterns/marubozu.ts';
import { piercing } from '../kernels/patterns/piercing.ts';
import { spinningTop } from '../kernels/patterns/spinning-top.ts';
import { eveningStar, morningStar } from '../kernels/patterns/stars.ts';
import { threeBlackCrows } from '../kernels/patterns/three-black-crows.ts';
import { threeWhiteSoldiers } from '../kernels/patterns/three-white-soldiers.ts';
import { FLAG, flat } from './words.ts';

const BODY = ['candle_body', 'candle_top', 'candle_bottom'] as const;
const SHADOWS = ['candle_upper', 'candle_lower'] as const;

/**
 * Candle patterns, each the sign of TA-Lib's. The number at the end of a total is the candle from which TA-Lib would
 * have summed it up, which differs from pattern to pattern.
 */
export const PATTERNS = featureRows(
  hidden(['body_total_10', 'body_total_11', 'body_total_12'], candleTotals, { length: 10, first: 10, count: 3 }, [
    'candle_body',
  ]),
  hidden(
    ['range_total_10', 'range_total_11', 'range_total_12', 'range_total_13'],
    candleTotals,
    { length: 10, first: 10, count: 4 },
    ['candle_range'],
  ),
  hidden(['five_range_total_10', 'five_range_total_11'], candleTotals, { length: 5, first: 10, count: 2 }, [
    'candle_range',
  ]),
  feature(
    { cdl_doji: '1 where the body is small beside the usual range, else 0' },
    doji,
    {},
    ['open', 'close', 'range_total_10'],
    'TA-Lib CDLDOJI',
    flat,
    FLAG,
  ),
  feature(
    {
      cdl_hammer: '1 for a small body over a long lower shadow, near or below the low before',
      cdl_inverted_hammer: '1 for a small body under a long upper shadow, below the body before',
      cdl_hanging_man: '−1 for a small body over a long lower shadow, near or above the high before',
      cdl_shooting_star: '−1 for a small body under a long upper shadow, above the body before',
    },
    hammers,
    {},
    ['high', 'low', ...BODY, ...SHADOWS, 'body_total_11', 'range_total_11', 'five_range_total_10'],
    'TA-Lib CDLHAMMER, CDLINVERTEDHAMMER, CDLHANGINGMAN, CDLSHOOTINGSTAR',
    flat,
    FLAG,
  ),
  feature(
    { cdl_engulfing: '1 for a rise, −1 for a fall that covers the opposite body before' },
    engulfing,
    {},
    ['open', 'close', 'candle_top', 'candle_bottom'],
    'TA-Lib CDLENGULFING',
    flat,
    FLAG,
  ),
  feature(
    { cdl_harami: 'A small body in the long body before: 1 after a fall, −1 after a rise' },
    harami,
    {},
    ['open', 'close', ...BODY, 'body_total_10', 'body_total_11'],
    'TA-Lib CDLHARAMI',
    flat,
    FLAG,
  ),
  feature(
    { cdl_piercing: '1 for a long rise from below the long fall before into the upper half of it' },
    piercing,
    {},
    ['open', 'low', 'close', 'body_total_10', 'body_total_11'],
    'TA-Lib CDLPIERCING',
    flat,
    FLAG,
  ),
  feature(
    { cdl_dark_cloud_cover: '−1 for a fall from above the long rise before into the lower half of it' },
    darkCloudCover,
    {},
    ['open', 'high', 'close', 'body_total_10'],
    'TA-Lib CDLDARKCLOUDCOVER, penetration 0.5',
    flat,
    FLAG,
  ),
  feature(
    { cdl_morning_star: '1 for a long fall, a small body below it and a rise into it' },
    morningStar,
    {},
    ['open', 'close', ...BODY, 'body_total_10', 'body_total_11', 'body_total_12'],
    'TA-Lib CDLMORNINGSTAR, penetration 0.3',
    flat,
    FLAG,
  ),
  feature(
    { cdl_evening_star: '−1 for a long rise, a small body above it and a fall into it' },
    eveningStar,
    {},
    ['open', 'close', ...BODY, 'body_total_10', 'body_total_11', 'body_total_12'],
    'TA-Lib CDLEVENINGSTAR, penetration 0.3',
    flat,
    FLAG,
  ),
  feature(
    { cdl_three_white_soldiers: '1 for three rises in a row that close near their highs' },
    threeWhiteSoldiers,
    {},
    [
      'open',
      'close',
      'candle_upper',
      'body_total_12',
      'range_total_10',
      'range_total_11',
      'range_total_12',
      'five_range_total_10',
      'five_range_total_11',
    ],
    'TA-Lib CDL3WHITESOLDIERS',
    flat,
    FLAG,
  ),
  feature(
    { cdl_three_black_crows: '−1 for three falls in a row that close near their lows' },
    threeBlackCrows,
    {},
    ['open', 'high', 'close', 'candle_lower', 'range_total_11', 'range_total_12', 'range_total_13'],
    'TA-Lib CDL3BLACKCROWS',
    flat,
    FLAG,
  ),
  feature(
    { cdl_marubozu: '1 for a long rise, −1 for a long fall, with hardly a shadow' },
    marubozu,
    {},
    ['open', 'close', 'candle_body', ...SHADOWS, 'body_total_10', 'range_total_10'],
    'TA-Lib CDLMARUBOZU',
    flat,
    FLAG,
  ),
  feature(
    { cdl_spinning_top: '1 for a rise, −1 for a fall, small between two longer shadows' },
    spinningTop,
    {},
    ['open', 'close', 'candle_body', ...SHADOWS, 'body_total_10'],
    'TA-Lib CDLSPINNINGTOP',
    flat,
    FLAG,
  ),
);
