import * as z from 'zod';
import { parseTime } from '../../../domain/time-range.ts';
import type { StreamDecoder } from '../../stream-decoder.ts';
import { decodeCsvRows, decodeJsonRows } from '../decode-rows.ts';
import { NUMBER_TEXT, OPEN_INTEREST_ROW } from '../stream-answers.ts';

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

/** Open interest, which the exchange samples every five minutes. Files call it metrics, and have more columns. */
export const OPEN_INTEREST: StreamDecoder = {
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
};
