import { BadInput } from '../../domain/errors.ts';
import type { Series } from '../../domain/series.ts';
import { type LandingId, parseReceiptKey } from '../keys.ts';

/** What landed under this receipt key; undefined where it is no key that the fetch stage writes. */
export function readReceiptKey(series: Series, key: string): LandingId | undefined {
  try {
    return parseReceiptKey(series, key);
  } catch (error) {
    if (error instanceof BadInput) return undefined;
    throw error;
  }
}
