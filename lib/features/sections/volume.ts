import { feature, featureRows, hidden } from '../feature-row.ts';
import { cumulativeDelta } from '../kernels/cumulative-delta.ts';
import { mfi } from '../kernels/mfi.ts';
import { moneyFlow } from '../kernels/money-flow.ts';
import { obv } from '../kernels/obv.ts';
import { ratio } from '../kernels/ratio.ts';
import { every, FLOAT64, none, VOLUMES } from './words.ts';

/** Volume and flow. */
export const VOLUME = featureRows(
  feature(
    { obv: 'Volume of rises less that of falls, summed' },
    obv,
    {},
    ['close', 'volume'],
    'TA-Lib OBV',
    none,
    FLOAT64,
  ),
  hidden(['rising_flow', 'falling_flow'], moneyFlow, {}, ['typical_price', 'volume']),
  feature(
    { mfi_14: 'Rising money flow as a share of all money flow of 14 candles, 0 to 100' },
    mfi,
    { length: 14 },
    ['rising_flow', 'falling_flow'],
    'TA-Lib MFI',
    every,
    { hidden: ['falling_flow_14'] },
  ),
  feature({ cvd: 'Bought less sold volume, summed' }, cumulativeDelta, {}, VOLUMES, 'its definition', none, FLOAT64),
  feature(
    { taker_ratio: 'Taker buy volume ÷ volume' },
    ratio,
    {},
    ['takerBuyVolume', 'volume'],
    'its definition',
    every,
  ),
);
