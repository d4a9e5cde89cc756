import { z } from 'zod';
import type { Period } from '../../../domain/period.ts';
import { type Stream, streamPeriodOf } from '../../../domain/stream.ts';
import { parseTime, type TimeRange } from '../../../domain/time-range.ts';
import { NUMBER_TEXT, OPEN_INTEREST_ROW } from '../../../exchange/binance/stream-answers.ts';
import { unzipCsv } from '../../../exchange/binance/unzip.ts';
import type { ColumnValues } from '../../../parquet/table-values.ts';
import type { LandedAnswer } from '../../landing/stream-landing.ts';
import { isServed } from '../../ledger/stream-life.ts';
import { decodeAnswers } from './decode-answers.ts';
import { assertBelong, decodeCsvRows, decodeJsonRows } from './decode-rows.ts';
import { compareRows, rankRows } from './rank-rows.ts';
import { sourceColumn } from './source-column.ts';
import { numberColumn, type StreamShard } from './stream-shard.ts';

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
 * Open interest of one period, a row a label of the exchange's grid of five minutes. The label named the end of its five
 * minutes until 2026-06-25 and has named their beginning since, in files without a word; a row counts as known when the
 * five minutes behind its label are over, which is true of both and early in neither.
 * @param carry label of the last row of the shard before, or nothing
 */
export async function openInterestShard(
  stream: Stream,
  period: Period,
  answers: readonly LandedAnswer[],
  life: TimeRange,
  carry: string,
): Promise<StreamShard> {
  const { decoded, unreadable } = await decodeAnswers(stream, period, answers, decode);
  const landed = rankRows(decoded, ({ timeMs }) => timeMs).filter(
    ([timeMs]) => streamPeriodOf(stream, timeMs) === period,
  );
  const labels = landed.filter(([timeMs]) => isServed(timeMs, life));
  const rows = labels.map(([, ranked]) => ({ ...ranked[0]!.row, source: ranked[0]!.source }));
  const gaps = gapsBefore(
    rows.map((row) => row.timeMs),
    carry === '' ? undefined : Number(carry),
  );
  const lastMs = rows.at(-1)?.timeMs;
  return {
    rows: rows.length,
    columns: new Map<string, ColumnValues>([
      ['time', numberColumn(rows.map((row) => row.timeMs))],
      ['sum_open_interest', numberColumn(rows.map((row) => row.amount))],
      ['sum_open_interest_value', numberColumn(rows.map((row) => row.value))],
      ['known_at', numberColumn(rows.map((row) => row.timeMs + STEP_MS))],
      ['source', sourceColumn(stream, rows)],
      ['gap_before', numberColumn(gaps)],
    ]),
    firstMs: rows[0]?.timeMs ?? Number.NaN,
    lastMs: lastMs ?? Number.NaN,
    missing: gaps.reduce((sum, gap) => sum + gap, 0),
    quarantined: landed.length - labels.length,
    ...compareRows(labels, COMPARED),
    ...unreadable,
    carry: lastMs === undefined ? carry : String(lastMs),
  };
}

const COMPARED = [
  ['amount', 'sum_open_interest'],
  ['value', 'sum_open_interest_value'],
] as const;

/** Labels missing directly before each; none are before the first of a stream. */
function gapsBefore(timesMs: readonly number[], previousMs: number | undefined): number[] {
  return timesMs.map((timeMs, row) => {
    const before = row === 0 ? previousMs : timesMs[row - 1];
    return before === undefined ? 0 : Math.max(0, Math.round((timeMs - before) / STEP_MS) - 1);
  });
}

async function decode({ receipt, name, bytes }: LandedAnswer): Promise<OpenInterestRow[]> {
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
  assertBelong(
    receipt,
    rows.map(({ timeMs }) => timeMs),
    name,
  );
  return rows;
}
