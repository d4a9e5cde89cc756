import type { Candles } from '../../../domain/candles.ts';
import type { StreamDecoder, StreamRow } from '../../stream-decoder.ts';
import { decodeCsv } from '../decode-csv.ts';
import { decodeRest } from '../decode-rest.ts';

/**
 * Candles of the mark price. They have the form of candles, but nothing is traded at the mark price: their volumes and
 * counts are placeholders (0, and 60 or so), and the table has no such columns.
 */
export const MARK_CANDLES: StreamDecoder = {
  rest: (bytes, name) => rowsOf(decodeRest(bytes, name)),
  file: (csv, name) => rowsOf(decodeCsv(csv, name)),
};

function rowsOf({ length, openTimeMs, open, high, low, close, closeTimeMs }: Candles): StreamRow[] {
  return Array.from({ length }, (_, row) => ({
    open_time: openTimeMs[row]!,
    open: open[row]!,
    high: high[row]!,
    low: low[row]!,
    close: close[row]!,
    close_time: closeTimeMs[row]!,
  }));
}
