import { z } from 'zod';
import { archivePath } from '../domain/archive.ts';
import type { LandingId } from '../domain/keys.ts';
import { seriesPath } from '../domain/series.ts';
import type { Receipt } from '../fetch/contract.ts';
import { parseJson } from './parse-json.ts';

/** The exchange opened in July 2017. */
export const EARLIEST_MS = Date.UTC(2017, 0, 1);

const RECEIPT = z.looseObject({
  series: z.object({ market: z.string(), symbol: z.string(), interval: z.string() }),
  source: z.string(),
  range: z.object({ fromMs: z.number(), toMs: z.number() }),
  sha256: z.string(),
  url: z.url(),
  fetchedAtMs: z.number(),
  asOfMs: z.number(),
  sizeBytes: z.int(),
  lastModified: z.string().optional(),
  etag: z.string().optional(),
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
  if (!(receipt.asOfMs >= EARLIEST_MS)) return `as of ${receipt.asOfMs}`;
  if (!(receipt.fetchedAtMs >= EARLIEST_MS)) return `fetched at ${receipt.fetchedAtMs}`;
  const asked = decodeURI(receipt.url);
  const path =
    id.source === 'rest' ? `symbol=${encodeURIComponent(series.symbol)}&` : archivePath(id.series, id.source, id.range);
  if (!(id.source === 'rest' ? receipt.url : asked).includes(path)) return `URL ${receipt.url}`;
  return receipt;
}
