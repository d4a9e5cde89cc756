import { CLOSE_MARGIN_MS } from '../../../domain/closed.ts';
import { nextOpenTime, nominalMs } from '../../../domain/interval.ts';
import { DAY_MS } from '../../../domain/time-range.ts';
import { decodeCsv } from '../../../exchange/binance/decode-csv.ts';
import { decodeRest } from '../../../exchange/binance/decode-rest.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import { nameInMessages } from '../../landing/landing.ts';
import { gapsBefore } from '../candle-times.ts';
import { numberColumns, type RowDecoder } from './answer-reader.ts';
import { assertBelong } from './decode-rows.ts';

interface MarkCandle {
  readonly openTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly closeTimeMs: number;
}

/**
 * Candles of the mark price. They have the form of candles, but nothing is traded at the mark price: their volumes and counts
 * are placeholders (0, and 60 or so), and the table has no such columns. Candles that had not closed are left out.
 */
export const MARK_CANDLES: RowDecoder<MarkCandle> = {
  async decode(landed) {
    const { receipt, bytes } = landed;
    const name = nameInMessages(landed);
    const interval = receipt.stream.interval!;
    const candles = receipt.source === 'rest' ? decodeRest(bytes, name) : decodeCsv(await unzipCsv(bytes, name), name);
    // Candles of a day and longer are all in one shard, and the archive's months need not cut them cleanly.
    if (nominalMs(interval) < DAY_MS) assertBelong(receipt, candles.openTimeMs, name);
    const rows: MarkCandle[] = [];
    for (let row = 0; row < candles.length; row++) {
      const openTimeMs = candles.openTimeMs[row]!;
      if (nextOpenTime(interval, openTimeMs) > receipt.asOfMs - CLOSE_MARGIN_MS) continue;
      const [open, high, low, close] = [candles.open[row]!, candles.high[row]!, candles.low[row]!, candles.close[row]!];
      rows.push({ openTimeMs, open, high, low, close, closeTimeMs: candles.closeTimeMs[row]! });
    }
    return rows;
  },
  timeOf: ({ openTimeMs }) => openTimeMs,
  compared: [
    ['open', 'open'],
    ['high', 'high'],
    ['low', 'low'],
    ['close', 'close'],
    ['closeTimeMs', 'closeTimeMs'],
  ],
  columns: (rows, { interval }) =>
    numberColumns(rows, {
      open_time: ({ openTimeMs }) => openTimeMs,
      open: ({ open }) => open,
      high: ({ high }) => high,
      low: ({ low }) => low,
      close: ({ close }) => close,
      close_time: ({ closeTimeMs }) => closeTimeMs,
      known_at: ({ openTimeMs }) => nextOpenTime(interval!, openTimeMs),
    }),
  gapsBefore: (timesMs, previousMs, { interval }) =>
    gapsBefore(interval!, Float64Array.from(timesMs), previousMs ?? Number.NaN),
};
