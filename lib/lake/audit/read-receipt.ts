import { z } from 'zod';
import { seriesPath } from '../../domain/series.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { LandingId } from '../keys.ts';
import { landingsOf, type Receipt } from '../landing/receipt.ts';
import { parseJson } from './parse-json.ts';

/** The exchange opened in July 2017. */
export const EARLIEST_MS = Date.UTC(2017, 0, 1);

const ENTRY = {
  url: z.url(),
  fetchedAtMs: z.int(),
  asOfMs: z.number(),
  lastModified: z.string().optional(),
  etag: z.string().optional(),
};

const RECEIPT = z.looseObject({
  series: z.object({ market: z.string(), symbol: z.string(), interval: z.string() }),
  source: z.string(),
  range: z.object({ fromMs: z.number(), toMs: z.number() }),
  sha256: z.string(),
  sizeBytes: z.int(),
  ...ENTRY,
  earlier: z.array(z.looseObject(ENTRY)).min(1).optional(),
});

/**
 * Reads a receipt and holds it against the key it lies under and the bytes it is about.
 * @returns the receipt, or what is wrong with it, in words
 */
export function readReceipt(text: Uint8Array, id: LandingId, sizeBytes: number | undefined): Receipt | string {
  const parsed = parseJson(text, RECEIPT);
  if (typeof parsed === 'string') return parsed;
  const receipt = parsed as unknown as Receipt;
  const { series, source, range } = receipt;
  if (seriesPath(series) !== seriesPath(id.series)) return `series ${seriesPath(series)}`;
  if (source !== id.source) return `source ${source}`;
  if (range.fromMs !== id.range.fromMs || range.toMs !== id.range.toMs) return `range ${range.fromMs} to ${range.toMs}`;
  if (receipt.sha256 !== id.sha256) return `sha256 ${receipt.sha256}`;
  if (sizeBytes !== undefined && receipt.sizeBytes !== sizeBytes) return `${receipt.sizeBytes} bytes of ${sizeBytes}`;
  const landings = landingsOf(receipt);
  for (const [index, { url, fetchedAtMs, asOfMs }] of landings.entries()) {
    if (!(asOfMs >= EARLIEST_MS)) return `as of ${asOfMs}`;
    if (!(fetchedAtMs >= EARLIEST_MS)) return `fetched at ${fetchedAtMs}`;
    if (index > 0 && fetchedAtMs <= landings[index - 1]!.fetchedAtMs) return `fetched at ${fetchedAtMs}, and before`;
    if (!isAskedFor(id, url)) return `URL ${url}`;
  }
  return receipt;
}

function isAskedFor(id: LandingId, url: string): boolean {
  const { series, source, range } = id;
  if (source === 'rest') return url.includes(`symbol=${encodeURIComponent(series.symbol)}&`);
  return url.includes(encodeURI(venueOf(series.market).archivePath(series, source, range)));
}
