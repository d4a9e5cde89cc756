import * as z from 'zod';
import type { StreamDecoder } from '../../stream-decoder.ts';
import { decodeCsvRows, decodeJsonRows } from '../decode-rows.ts';
import { FUNDING_ROW, NUMBER_TEXT, TIME_MS } from '../stream-answers.ts';

const HOUR_MS = 3_600_000;
const FILE_ROW = z.object({
  calc_time: TIME_MS,
  funding_interval_hours: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
  last_funding_rate: NUMBER_TEXT,
});

/** Funding. Only files have the interval, and only REST the mark price, but not for the first years. */
export const FUNDING: StreamDecoder = {
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
};

/** Returns the published time, and the hour at which funding was due: they are some milliseconds apart. */
function timesOf(timeMs: number) {
  return { funding_time: timeMs, scheduled_time: Math.round(timeMs / HOUR_MS) * HOUR_MS };
}
