import type { Series } from '../../domain/series.ts';
import { type LandingId, landingKey, landingPrefix, receiptKey } from '../keys.ts';
import type { LandingPlace } from './check-landing.ts';
import { readReceipt } from './read-receipt.ts';
import { readReceiptKey } from './read-receipt-key.ts';

/** Where candles land. */
export function seriesLanding(series: Series): LandingPlace<LandingId> {
  return {
    prefix: landingPrefix(series),
    objectOf(key) {
      const id = readReceiptKey(series, key);
      if (!id) return undefined;
      const { source, range, sha256, openPageMs } = id;
      const chunk = { series, source, range, asOfMs: 0, sizeBytes: 0, ...(openPageMs !== undefined && { openPageMs }) };
      return { id, key: landingKey(id), receiptKey: receiptKey(id), sha256, chunk };
    },
    readReceipt,
  };
}
