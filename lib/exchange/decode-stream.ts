import { UnexpectedFormat } from '../domain/errors.ts';
import type { Stream } from '../domain/stream.ts';
import type { StreamName } from '../domain/stream-table.ts';
import { BINANCE_DECODERS } from './binance/stream-decoders.ts';
import type { StreamDecoder, StreamForm, StreamRow } from './stream-decoder.ts';
import { type VenueName, venueNameOf } from './venue-name.ts';

/** The decoders of each exchange. They are apart from its other code, because they are part of the code hash. */
const DECODERS: Readonly<Record<VenueName, Readonly<Record<StreamName, StreamDecoder>>>> = {
  binance: BINANCE_DECODERS,
};

/**
 * Decodes the rows of a stream from bytes of its exchange.
 * @param bytes an answer of REST, or the CSV of an archive file
 * @throws UnexpectedFormat if the bytes have another form, or the exchange has the stream in other forms only
 */
export function decodeStream(
  { name, market }: Stream,
  form: StreamForm,
  bytes: Uint8Array,
  place: string,
): readonly StreamRow[] {
  const decoder = DECODERS[venueNameOf(market)][name];
  const decode = decoder[form];
  if (decode) return decode(bytes, place);
  throw new UnexpectedFormat(`${place} is ${name} as ${form}, expected one of ${Object.keys(decoder).join(', ')}`);
}
