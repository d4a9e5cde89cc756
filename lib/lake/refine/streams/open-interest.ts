import * as z from 'zod';
import { parseTime } from '../../../domain/time-range.ts';
import { NUMBER_TEXT, OPEN_INTEREST_ROW } from '../../../exchange/binance/stream-answers.ts';
import type { RowDecoder } from './answer-reader.ts';
import { decodeCsvRows, decodeJsonRows } from './decode-rows.ts';

type OpenInterestRow = Readonly<Record<'time' | 'sum_open_interest' | 'sum_open_interest_value', number>>;

/** Open interest is sampled every five minutes. */
const STEP_MS = 300_000;
const FILE_ROW = z.object({
  create_time: z.string().transform((text, context) => {
    try {
      return parseTime(text, 'create_time');
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  }),
  symbol: z.string(),
  sum_open_interest: NUMBER_TEXT,
  sum_open_interest_value: NUMBER_TEXT,
});

/**
 * Open interest: one row for each label of the exchange's grid of five minutes. Labels named the end of their five
 * minutes until 2026-06-25 and have named the beginning since, without any sign in the files. A row counts as known
 * when the five minutes behind its label are over, which is correct for the new labels and late for the old ones.
 */
export const OPEN_INTEREST: RowDecoder<OpenInterestRow> = {
  rest: (bytes, name) =>
    decodeJsonRows(bytes, name, OPEN_INTEREST_ROW).map((row) => ({
      time: row.timestamp,
      sum_open_interest: row.sumOpenInterest,
      sum_open_interest_value: row.sumOpenInterestValue,
    })),
  file: (csv, name) =>
    decodeCsvRows(csv, name, FILE_ROW).map(({ create_time, sum_open_interest, sum_open_interest_value }) => ({
      time: create_time,
      sum_open_interest,
      sum_open_interest_value,
    })),
  time: 'time',
  compared: ['sum_open_interest', 'sum_open_interest_value'],
  knownAtMs: ({ time }) => time + STEP_MS,
  // The first label of a stream has no gap before it.
  gapsBefore: (timesMs, previousMs) =>
    timesMs.map((timeMs, row) => {
      const before = row === 0 ? previousMs : timesMs[row - 1]!;
      return Number.isNaN(before) ? 0 : Math.max(0, Math.round((timeMs - before) / STEP_MS) - 1);
    }),
};
