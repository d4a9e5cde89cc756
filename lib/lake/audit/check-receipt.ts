import * as z from 'zod';
import type { Series } from '../../domain/series.ts';
import type { Stream } from '../../domain/stream.ts';
import { isStream, subjectName, subjectOf } from '../../domain/subject.ts';
import { venueOf } from '../../exchange/venues.ts';
import { parseJson } from '../json.ts';
import type { LandingId } from '../keys.ts';
import { landingsOf, type Receipt } from '../landing/receipt.ts';

/** The exchange opened in July 2017. */
export const EARLIEST_MS = Date.UTC(2017, 0, 1);

/** The receipt of candles or of rows of a stream. */
export type AnyReceipt = Receipt | Receipt<Stream>;

const LANDING = {
  url: z.url(),
  fetchedAtMs: z.int(),
  asOfMs: z.number(),
  lastModified: z.string().optional(),
  etag: z.string().optional(),
};
const FIELDS = {
  source: z.string(),
  range: z.object({ fromMs: z.number(), toMs: z.number() }),
  sha256: z.string(),
  sizeBytes: z.int(),
  ...LANDING,
  earlier: z.array(z.object(LANDING)).min(1).optional(),
};
const NAMED = { market: z.string(), symbol: z.string().optional(), interval: z.string().optional() };
const RECEIPT = {
  series: z.object({ series: z.object(NAMED).required(), ...FIELDS }),
  stream: z.object({ stream: z.object({ name: z.string(), ...NAMED }), ...FIELDS }),
};

/**
 * Reads a receipt and compares it with the key that it is stored under and with the bytes beside it.
 * @param sizeBytes of the bytes, if they are sound
 * @returns the receipt, or the text of the first fault
 */
export function checkReceipt(
  text: Uint8Array,
  id: LandingId | LandingId<Stream>,
  sizeBytes: number | undefined,
): AnyReceipt | string {
  const subject = subjectOf(id);
  const kind = isStream(subject) ? 'stream' : 'series';
  const parsed = parseJson(text, RECEIPT[kind] as z.ZodType<object>);
  if (typeof parsed === 'string') return parsed;
  const receipt = parsed as AnyReceipt;
  const { source, range, sha256 } = receipt;
  const named = subjectOf(receipt);
  if (subjectName(named) !== subjectName(subject)) return `${kind} ${subjectName(named)}`;
  if (source !== id.source) return `source ${source}`;
  if (range.fromMs !== id.range.fromMs || range.toMs !== id.range.toMs) return `range ${range.fromMs} to ${range.toMs}`;
  if (sha256 !== id.sha256) return `sha256 ${sha256}`;
  if (sizeBytes !== undefined && receipt.sizeBytes !== sizeBytes) return `${receipt.sizeBytes} bytes of ${sizeBytes}`;
  for (const [index, { url, fetchedAtMs, asOfMs }] of landingsOf(receipt).entries()) {
    if (!(asOfMs >= EARLIEST_MS)) return `as of ${asOfMs}`;
    if (!(fetchedAtMs >= EARLIEST_MS)) return `fetched at ${fetchedAtMs}`;
    const before = index > 0 ? landingsOf(receipt)[index - 1]!.fetchedAtMs : 0;
    if (fetchedAtMs <= before) return `fetched at ${fetchedAtMs}, and before`;
    if (!url.includes(expectedInUrl(id, subject))) return `URL ${url}`;
  }
  return receipt;
}

/** Returns the part of the URL by which a request for this object can be recognised. */
function expectedInUrl({ source, range }: LandingId | LandingId<Stream>, subject: Series | Stream): string {
  if (source !== 'rest') return encodeURI(venueOf(subject.market).archivePath(subject, source, range));
  return isStream(subject) ? `startTime=${range.fromMs}&` : `symbol=${encodeURIComponent(subject.symbol)}&`;
}
