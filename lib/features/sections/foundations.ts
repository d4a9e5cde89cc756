import { featureRows, hidden } from '../feature-row.ts';
import { medianPrice } from '../kernels/median-price.ts';
import { move } from '../kernels/move.ts';
import { trueRange } from '../kernels/true-range.ts';
import { typicalPrice } from '../kernels/typical-price.ts';
import { HLC } from './words.ts';

/** What the rows of several sections read. */
export const FOUNDATIONS = featureRows(
  hidden(['trange'], trueRange, {}, HLC),
  hidden(['typical_price'], typicalPrice, {}, HLC),
  hidden(['median_price'], medianPrice, {}, ['high', 'low']),
  hidden(['close_change', 'close_move'], move, {}, ['close']),
);
