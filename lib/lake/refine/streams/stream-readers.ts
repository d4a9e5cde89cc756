import type { StreamName } from '../../../domain/stream.ts';
import { answerReader } from './answer-reader.ts';
import { FUNDING } from './funding.ts';
import { INSTRUMENTS } from './instruments.ts';
import { MARK_CANDLES } from './mark-candles.ts';
import { OPEN_INTEREST } from './open-interest.ts';
import type { StreamReader } from './stream-reader.ts';

/** The reader of each stream. */
export const STREAM_READERS: Readonly<Record<StreamName, StreamReader>> = {
  instruments: INSTRUMENTS,
  funding: answerReader(FUNDING),
  open_interest: answerReader(OPEN_INTEREST),
  mark_candles: answerReader(MARK_CANDLES),
};
