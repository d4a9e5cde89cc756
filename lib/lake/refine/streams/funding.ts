import { z } from 'zod';
import type { Period } from '../../../domain/period.ts';
import { type Stream, streamPeriodOf } from '../../../domain/stream.ts';
import type { TimeRange } from '../../../domain/time-range.ts';
import { FUNDING_ROW, NUMBER_TEXT, TIME_MS } from '../../../exchange/binance/stream-answers.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import type { LandedAnswer } from '../../landing/stream-landing.ts';
import { isServed } from '../../ledger/stream-life.ts';
import { decodeAnswers } from './decode-answers.ts';
import { assertBelong, decodeCsvRows, decodeJsonRows } from './decode-rows.ts';
import { compareRows, type RankedTime, rankRows } from './rank-rows.ts';
import { sourceColumn } from './source-column.ts';
import { numberColumn, type StreamShard } from './stream-shard.ts';

interface FundingRow {
  /** As published, some milliseconds behind the hour. */
  readonly timeMs: number;
  readonly rate: number;
  /** Only files tell. */
  readonly intervalHours?: number | undefined;
  /** Only REST tells, and not of the first years. */
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
/** The hour at which funding was due: what is published lies some milliseconds off it. */
export function scheduledMs(timeMs: number): number {
  return Math.round(timeMs / HOUR_MS) * HOUR_MS;
}

/**
 * Funding of one period, one row an hour at which it was paid. Where a file and REST have the same hour the rate is the
 * file's; each gives what only it knows.
 */
export async function fundingShard(
  stream: Stream,
  period: Period,
  answers: readonly LandedAnswer[],
  life: TimeRange,
): Promise<StreamShard> {
  const { decoded, unreadable } = await decodeAnswers(stream, period, answers, decode);
  const landed = rankRows(decoded, ({ timeMs }) => scheduledMs(timeMs)).filter(
    ([timeMs]) => streamPeriodOf(stream, timeMs) === period,
  );
  const hours = landed.filter(([timeMs]) => isServed(timeMs, life));
  const rows = hours.map(([hourMs, ranked]) => ({
    hourMs,
    source: ranked[0]!.source,
    ...ranked[0]!.row,
    intervalHours: firstTold(ranked, 'intervalHours'),
    markPrice: firstTold(ranked, 'markPrice'),
  }));
  return {
    rows: rows.length,
    columns: new Map<string, ColumnValues>([
      ['funding_time', numberColumn(rows.map((row) => row.timeMs))],
      ['scheduled_time', numberColumn(rows.map((row) => row.hourMs))],
      ['funding_rate', numberColumn(rows.map((row) => row.rate))],
      ['funding_interval_hours', numberColumn(rows.map((row) => row.intervalHours))],
      ['mark_price', numberColumn(rows.map((row) => row.markPrice))],
      // Paid and published at once; never before the hour, should the exchange's clock have been early.
      ['known_at', numberColumn(rows.map((row) => Math.max(row.timeMs, row.hourMs)))],
      ['source', sourceColumn(stream, rows)],
    ]),
    firstMs: rows[0]?.hourMs ?? Number.NaN,
    lastMs: rows.at(-1)?.hourMs ?? Number.NaN,
    // Nothing tells how often funding was due where none was told.
    missing: 0,
    quarantined: landed.length - hours.length,
    ...compareRows(hours, COMPARED),
    ...unreadable,
    carry: '',
  };
}

const COMPARED = [
  ['rate', 'funding_rate'],
  ['intervalHours', 'funding_interval_hours'],
  ['markPrice', 'mark_price'],
] as const;

/** What the best of those that tell it says. */
function firstTold(ranked: RankedTime<FundingRow>[1], field: 'intervalHours' | 'markPrice'): number | undefined {
  return ranked.find(({ row, superseded }) => !superseded && row[field] !== undefined)?.row[field];
}

async function decode({ receipt, name, bytes }: LandedAnswer): Promise<FundingRow[]> {
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
  assertBelong(
    receipt,
    rows.map(({ timeMs }) => scheduledMs(timeMs)),
    name,
  );
  return rows;
}
