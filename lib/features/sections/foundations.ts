import { featureRows, hidden } from '../feature-row.ts';
import { trueRange } from '../kernels/true-range.ts';
import { typicalPrice } from '../kernels/typical-price.ts';
import { HLC } from './words.ts';

/** What the rows of several sections read. */
export const FOUNDATIONS = featureRows(
  hidden(['trange'], trueRange, {}, HLC),
  hidden(['typical_price'], typicalPrice, {}, HLC),
);
