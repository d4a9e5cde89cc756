import { z } from 'zod';
import { FUNDING_ROW, NUMBER_TEXT, TIME_MS } from '../../../exchange/binance/stream-answers.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import { nameInMessages } from '../../landing/landing.ts';
import { numberColumns, type RowDecoder } from './answer-reader.ts';
import { assertBelong, decodeCsvRows, decodeJsonRows } from './decode-rows.ts';
import type { RankedRow } from './rank-rows.ts';

interface FundingRow {
  /** As published, some milliseconds behind the hour. */
  readonly timeMs: number;
  readonly rate: number;
  /** Only files have it. */
  readonly intervalHours?: number | undefined;
  /** Only REST has it, and not of the first years. */
  readonly markPrice?: number | undefined;
}

const HOUR_MS = 3_600_000;
const FILE_COLUMNS = ['calc_time', 'funding_interval_hours', 'last_funding_rate'];
const FILE_ROW = z.object({
  calc_time: TIME_MS,
  funding_interval_hours: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number),
  last_funding_rate: NUMBER_TEXT,
});

/** Returns the hour at which funding was due: the published time is some milliseconds off it. */
export function scheduledMs(timeMs: number): number {
  return Math.round(timeMs / HOUR_MS) * HOUR_MS;
}

/**
 * Funding: one row for each hour at which it was paid. If a file and REST have the same hour, the rate is the file's, and
 * each supplies the field that only it has.
 */
export const FUNDING: RowDecoder<FundingRow> = {
  async decode(landed) {
    const { receipt, bytes } = landed;
    const name = nameInMessages(landed);
    const rows: FundingRow[] =
      receipt.source === 'rest'
        ? decodeJsonRows(bytes, name, FUNDING_ROW).map(({ fundingTime, fundingRate, markPrice }) => ({
            timeMs: fundingTime,
            rate: fundingRate,
            markPrice: markPrice === '' ? undefined : (markPrice ?? undefined),
          }))
        : decodeCsvRows(await unzipCsv(bytes, name), name, FILE_COLUMNS, FILE_ROW).map((row) => ({
            timeMs: row.calc_time,
            rate: row.last_funding_rate,
            intervalHours: row.funding_interval_hours,
          }));
    const hoursMs = rows.map(({ timeMs }) => scheduledMs(timeMs));
    assertBelong(receipt, hoursMs, name);
    return rows;
  },
  timeOf: ({ timeMs }) => scheduledMs(timeMs),
  compared: [
    ['rate', 'funding_rate'],
    ['intervalHours', 'funding_interval_hours'],
    ['markPrice', 'mark_price'],
  ],
  combine: (ranked) => ({
    ...ranked[0]!.row,
    intervalHours: bestOf(ranked, 'intervalHours'),
    markPrice: bestOf(ranked, 'markPrice'),
  }),
  columns: (rows) =>
    numberColumns(rows, {
      funding_time: ({ timeMs }) => timeMs,
      scheduled_time: ({ timeMs }) => scheduledMs(timeMs),
      funding_rate: ({ rate }) => rate,
      funding_interval_hours: ({ intervalHours }) => intervalHours,
      mark_price: ({ markPrice }) => markPrice,
      // Funding is paid and published at once. It is never known before the hour, even if the exchange's clock was early.
      known_at: ({ timeMs }) => Math.max(timeMs, scheduledMs(timeMs)),
    }),
};

/** Returns the value of the best current answer that has the field. */
function bestOf(ranked: readonly RankedRow<FundingRow>[], field: 'intervalHours' | 'markPrice'): number | undefined {
  return ranked.find(({ row, superseded }) => !superseded && row[field] !== undefined)?.row[field];
}
