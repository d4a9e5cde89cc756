import * as z from 'zod';
import { FUNDING_ROW, NUMBER_TEXT, TIME_MS } from '../../../exchange/binance/stream-answers.ts';
import type { RowDecoder } from './answer-reader.ts';
import { decodeCsvRows, decodeJsonRows } from './decode-rows.ts';

type FundingRow = Readonly<Record<'scheduled_time' | 'funding_time' | 'funding_rate', number>> & {
  /** Only files have it. */
  readonly funding_interval_hours?: number;
  /** Only REST has it, and not for the first years. */
  readonly mark_price?: number;
};

const HOUR_MS = 3_600_000;
const FILE_ROW = z.object({
  calc_time: TIME_MS,
  funding_interval_hours: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
  last_funding_rate: NUMBER_TEXT,
});

/**
 * Funding: one row for each hour at which it was paid. If a file and REST have the same hour, the rate is the file's,
 * and each supplies the field that only it has.
 */
export const FUNDING: RowDecoder<FundingRow> = {
  rest: (bytes, name) =>
    decodeJsonRows(bytes, name, FUNDING_ROW).map(({ fundingTime, fundingRate, markPrice }) => ({
      ...timesOf(fundingTime),
      funding_rate: fundingRate,
      ...(typeof markPrice === 'number' && { mark_price: markPrice }),
    })),
  file: (csv, name) =>
    decodeCsvRows(csv, name, FILE_ROW).map((row) => ({
      ...timesOf(row.calc_time),
      funding_rate: row.last_funding_rate,
      funding_interval_hours: row.funding_interval_hours,
    })),
  time: 'scheduled_time',
  compared: ['funding_rate', 'funding_interval_hours', 'mark_price'],
  completed: ['funding_interval_hours', 'mark_price'],
  // Funding is paid and published at once. It is never known before the hour, even if the exchange's clock was early.
  knownAtMs: ({ funding_time, scheduled_time }) => Math.max(funding_time, scheduled_time),
};

/** Returns the published time, and the hour at which funding was due: they are some milliseconds apart. */
function timesOf(timeMs: number) {
  return { funding_time: timeMs, scheduled_time: Math.round(timeMs / HOUR_MS) * HOUR_MS };
}
