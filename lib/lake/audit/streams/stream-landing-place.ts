import { z } from 'zod';
import { BadInput } from '../../../domain/errors.ts';
import { type Stream, streamTitle } from '../../../domain/stream.ts';
import { streamArchivePath } from '../../../exchange/binance/stream-archive-path.ts';
import type { StreamReceipt } from '../../fetch/contract.ts';
import { type LandingId, landingKey, landingPrefix, parseReceiptKey, receiptKey } from '../../keys.ts';
import type { LandingPlace } from '../check-landing.ts';
import { parseJson } from '../parse-json.ts';
import { EARLIEST_MS } from '../read-receipt.ts';

const RECEIPT = z.looseObject({
  stream: z.looseObject({
    name: z.string(),
    market: z.string(),
    symbol: z.string().optional(),
    interval: z.string().optional(),
  }),
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

/** Where the answers of a stream land that are no snapshots. */
export function streamLandingPlace(stream: Stream): LandingPlace<LandingId<Stream>> {
  return {
    prefix: landingPrefix(stream),
    objectOf(key) {
      const id = readKey(stream, key);
      if (!id) return undefined;
      const { source, range, sha256 } = id;
      const chunk = { stream, source, range, asOfMs: 0, sizeBytes: 0 };
      return { id, key: landingKey(id), receiptKey: receiptKey(id), sha256, chunk };
    },
    readReceipt,
  };
}

function readKey(stream: Stream, key: string): LandingId<Stream> | undefined {
  try {
    return parseReceiptKey(stream, key);
  } catch (error) {
    if (error instanceof BadInput) return undefined;
    throw error;
  }
}

/** Reads a receipt and holds it against the key it lies under and the bytes it is about. */
function readReceipt(text: Uint8Array, id: LandingId<Stream>, sizeBytes: number | undefined): StreamReceipt | string {
  const parsed = parseJson(text, RECEIPT);
  if (typeof parsed === 'string') return parsed;
  const receipt = parsed as unknown as StreamReceipt;
  const { stream, source, range, url } = receipt;
  if (streamTitle(stream) !== streamTitle(id.stream)) return `stream ${streamTitle(stream)}`;
  if (source !== id.source) return `source ${source}`;
  if (range.fromMs !== id.range.fromMs || range.toMs !== id.range.toMs) return `range ${range.fromMs} to ${range.toMs}`;
  if (receipt.sha256 !== id.sha256) return `sha256 ${receipt.sha256}`;
  if (sizeBytes !== undefined && receipt.sizeBytes !== sizeBytes) return `${receipt.sizeBytes} bytes of ${sizeBytes}`;
  if (!(receipt.asOfMs >= EARLIEST_MS)) return `as of ${receipt.asOfMs}`;
  if (!(receipt.fetchedAtMs >= EARLIEST_MS)) return `fetched at ${receipt.fetchedAtMs}`;
  const isAsked =
    id.source === 'rest'
      ? url.includes(`startTime=${range.fromMs}&`)
      : url.includes(encodeURI(streamArchivePath(id.stream, id.source, id.range)));
  return isAsked ? receipt : `URL ${url}`;
}
