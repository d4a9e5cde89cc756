import type { Candles } from '../../../domain/candles.ts';
import { CLOSE_MARGIN_MS } from '../../../domain/closed.ts';
import { nextOpenTime } from '../../../domain/interval.ts';
import { decodeCsv } from '../../../exchange/binance/decode-csv.ts';
import { decodeRest } from '../../../exchange/binance/decode-rest.ts';
import { gapsBefore } from '../candle-times.ts';
import type { RowDecoder } from './answer-reader.ts';

type MarkCandle = Readonly<Record<'open_time' | 'open' | 'high' | 'low' | 'close' | 'close_time', number>>;

/**
 * Candles of the mark price. They have the form of candles, but nothing is traded at the mark price: their volumes and
 * counts are placeholders (0, and 60 or so), and the table has no such columns. Candles that had not closed are left
 * out.
 */
export const MARK_CANDLES: RowDecoder<MarkCandle> = {
  rest: (bytes, name) => rowsOf(decodeRest(bytes, name)),
  file: (csv, name) => rowsOf(decodeCsv(csv, name)),
  isComplete: ({ open_time }, { stream, asOfMs }) =>
    nextOpenTime(stream.interval!, open_time) <= asOfMs - CLOSE_MARGIN_MS,
  time: 'open_time',
  compared: ['open', 'high', 'low', 'close', 'close_time'],
  knownAtMs: ({ open_time }, { interval }) => nextOpenTime(interval!, open_time),
  gapsBefore: (timesMs, previousMs, { interval }) => gapsBefore(interval!, timesMs, previousMs),
};

function rowsOf({ length, openTimeMs, open, high, low, close, closeTimeMs }: Candles): MarkCandle[] {
  return Array.from({ length }, (_, row) => ({
    open_time: openTimeMs[row]!,
    open: open[row]!,
    high: high[row]!,
    low: low[row]!,
    close: close[row]!,
    close_time: closeTimeMs[row]!,
  }));
}
