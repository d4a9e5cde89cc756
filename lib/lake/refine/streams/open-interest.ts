import { z } from 'zod';
import { parseTime } from '../../../domain/time-range.ts';
import { NUMBER_TEXT, OPEN_INTEREST_ROW } from '../../../exchange/binance/stream-answers.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import { nameInMessages } from '../../landing/landing.ts';
import { numberColumns, type RowDecoder } from './answer-reader.ts';
import { assertBelong, decodeCsvRows, decodeJsonRows } from './decode-rows.ts';

interface OpenInterestRow {
  readonly timeMs: number;
  readonly amount: number;
  readonly value: number;
}

/** Open interest is sampled every five minutes. */
const STEP_MS = 300_000;
const FILE_COLUMNS = ['create_time', 'symbol', 'sum_open_interest', 'sum_open_interest_value'];
const FILE_ROW = z.object({
  create_time: z.string().transform((text, context) => {
    try {
      return parseTime(text, 'create_time');
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  }),
  sum_open_interest: NUMBER_TEXT,
  sum_open_interest_value: NUMBER_TEXT,
});

/**
 * Open interest: one row for each label of the exchange's grid of five minutes. Labels named the end of their five minutes
 * until 2026-06-25 and have named the beginning since, without any sign in the files. A row counts as known when the five
 * minutes behind its label are over, which is correct for the new labels and late for the old ones.
 */
export const OPEN_INTEREST: RowDecoder<OpenInterestRow> = {
  async decode(landed) {
    const { receipt, bytes } = landed;
    const name = nameInMessages(landed);
    const rows =
      receipt.source === 'rest'
        ? decodeJsonRows(bytes, name, OPEN_INTEREST_ROW).map((row) => ({
            timeMs: row.timestamp,
            amount: row.sumOpenInterest,
            value: row.sumOpenInterestValue,
          }))
        : decodeCsvRows(await unzipCsv(bytes, name), name, FILE_COLUMNS, FILE_ROW).map((row) => ({
            timeMs: row.create_time,
            amount: row.sum_open_interest,
            value: row.sum_open_interest_value,
          }));
    const timesMs = rows.map(({ timeMs }) => timeMs);
    assertBelong(receipt, timesMs, name);
    return rows;
  },
  timeOf: ({ timeMs }) => timeMs,
  compared: [
    ['amount', 'sum_open_interest'],
    ['value', 'sum_open_interest_value'],
  ],
  columns: (rows) =>
    numberColumns(rows, {
      time: ({ timeMs }) => timeMs,
      sum_open_interest: ({ amount }) => amount,
      sum_open_interest_value: ({ value }) => value,
      known_at: ({ timeMs }) => timeMs + STEP_MS,
    }),
  // The first label of a stream has no gap before it.
  gapsBefore: (timesMs, previousMs) =>
    Float64Array.from(timesMs, (timeMs, row) => {
      const before = row === 0 ? previousMs : timesMs[row - 1];
      return before === undefined ? 0 : Math.max(0, Math.round((timeMs - before) / STEP_MS) - 1);
    }),
};
