import { nextOpenTime } from '../../domain/interval.ts';
import type { Period } from '../../domain/period.ts';
import type { Stream } from '../../domain/stream.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { streamPeriodOf } from '../../domain/subject-times.ts';
import { readRows, type TableRow } from '../../parquet/read-rows.ts';
import type { StreamManifest } from '../manifest/contract.ts';
import { type Fault, timeText } from './findings.ts';

/** Reads the rows of a stream's table. @throws Error if the bytes are not Parquet, or have other columns */
export async function readStreamRows({ name }: Stream, bytes: Uint8Array): Promise<TableRow[]> {
  const rows = await readRows(bytes);
  const expected = STREAM_TABLE[name].schema.columns.map((column) => column.name).join(' ');
  const found = rows[0] ? Object.keys(rows[0]).join(' ') : expected;
  if (found !== expected) throw new Error(`columns ${found}`);
  return rows;
}

/** The step of open interest. */
const SAMPLED_MS = 5 * 60_000;

interface RowRule {
  /** The column by which rows are ordered, and the column by which rows of one time differ. */
  readonly time: string;
  readonly tells?: string;
  /** Returns the first instant at which the row could have been known, by its own columns. */
  knowableMs(row: TableRow, stream: Stream): number;
}

const RULES: Readonly<Record<Stream['name'], RowRule>> = {
  instruments: {
    time: 'valid_from',
    tells: 'symbol',
    knowableMs: (row) => Math.max(timeOf(row, 'valid_from'), timeOf(row, 'first_seen')),
  },
  funding: {
    time: 'scheduled_time',
    knowableMs: (row) => Math.max(timeOf(row, 'funding_time'), timeOf(row, 'scheduled_time')),
  },
  // Until June 2026 a label named the end of its five minutes, and since then their beginning.
  open_interest: { time: 'time', knowableMs: (row) => timeOf(row, 'time') + SAMPLED_MS },
  mark_candles: {
    time: 'open_time',
    knowableMs: (row, { interval }) => nextOpenTime(interval!, timeOf(row, 'open_time')),
  },
};

type RowFault = Omit<Fault, 'place'>;

/**
 * Returns the first fault of each kind. Rows must be sorted, unique, inside the period and without null in required
 * columns, and `known_at` must not be too early. The first time, last time and missing rows of the report must match.
 */
export function faultsOfRows(
  stream: Stream,
  period: Period,
  rows: readonly TableRow[],
  report: StreamManifest['report'],
): RowFault[] {
  const { time, tells, knowableMs } = RULES[stream.name];
  const needed = STREAM_TABLE[stream.name].schema.columns.filter(({ nullable }) => !nullable).map(({ name }) => name);
  const faults: RowFault[] = [];
  const add = (what: string, expected: string, found: string) => {
    if (!faults.some((fault) => fault.what === what)) faults.push({ what, expected, found });
  };
  let last: readonly [timeMs: number, name: string] | undefined;
  let missing = 0;
  for (const row of rows) {
    const empty = needed.find((name) => row[name] === null || row[name] === undefined);
    if (empty !== undefined) {
      add('value that is always told', empty, 'null');
      continue;
    }
    const own = [timeOf(row, time), tells === undefined ? '' : String(row[tells])] as const;
    if (streamPeriodOf(stream, own[0]) !== period) add('time of a row', `of ${period}`, timeText(own[0]));
    if (last && (own[0] < last[0] || (own[0] === last[0] && own[1] <= last[1]))) {
      add(
        'rows in order, each once',
        `after ${timeText(last[0])} ${last[1]}`.trim(),
        `${timeText(own[0])} ${own[1]}`.trim(),
      );
    }
    const knowable = knowableMs(row, stream);
    if (timeOf(row, 'known_at') < knowable) {
      add('known_at of a row', `${timeText(knowable)} or later`, timeText(timeOf(row, 'known_at')));
    }
    if ('gap_before' in row) missing += Number(row['gap_before']);
    last = own;
  }
  const [first, end] = [rows[0], rows.at(-1)];
  if (first && end) {
    compare('first time of the report', timeText(timeOf(first, time)), timeText(report.firstMs));
    compare('last time of the report', timeText(timeOf(end, time)), timeText(report.lastMs));
  }
  compare('missing rows of the report', String(missing), String(report.missing));
  return faults;

  function compare(what: string, expected: string, found: string): void {
    if (expected !== found) add(what, expected, found);
  }
}

function timeOf(row: TableRow, column: string): number {
  return Number(row[column]);
}
