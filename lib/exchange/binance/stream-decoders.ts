import type { StreamName } from '../../domain/stream-table.ts';
import type { StreamDecoder } from '../stream-decoder.ts';
import { FUNDING } from './streams/funding.ts';
import { INSTRUMENTS } from './streams/instruments.ts';
import { MARK_CANDLES } from './streams/mark-candles.ts';
import { OPEN_INTEREST } from './streams/open-interest.ts';

/** The decoder of each stream. */
export const BINANCE_DECODERS: Readonly<Record<StreamName, StreamDecoder>> = {
  instruments: INSTRUMENTS,
  funding: FUNDING,
  open_interest: OPEN_INTEREST,
  mark_candles: MARK_CANDLES,
};
