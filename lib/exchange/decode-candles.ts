import type { Candles } from '../domain/candles.ts';
import type { Market } from '../domain/market.ts';
import { decodeCsv } from './binance/decode-csv.ts';
import { decodeRest } from './binance/decode-rest.ts';
import { type VenueName, venueNameOf } from './venue-name.ts';

/** The decoders of the two forms in which candles land: the CSV of an archive file, and an answer of REST. */
type CandleDecoder = Readonly<Record<'file' | 'rest', (bytes: Uint8Array, name: string) => Candles>>;

/** The decoder of each exchange. */
const DECODERS: Readonly<Record<VenueName, CandleDecoder>> = {
  binance: { file: decodeCsv, rest: decodeRest },
};

/**
 * Decodes candles from bytes of the exchange that runs the market. `name` is for messages.
 * @throws UnexpectedFormat if the bytes have another form
 */
export function decodeCandles(market: Market, form: keyof CandleDecoder, bytes: Uint8Array, name: string): Candles {
  return DECODERS[venueNameOf(market)][form](bytes, name);
}
