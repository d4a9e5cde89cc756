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
  const { key, keyRepeats, knownAtMs, schema } = STREAM_TABLE[stream.name];
  const time = key[0];
  const needed = schema.columns.filter(({ nullable }) => !nullable).map(({ name }) => name);
  const faults: RowFault[] = [];
  const add = (what: string, expected: string, found: string) => {
    if (!faults.some((fault) => fault.what === what)) faults.push({ what, expected, found });
  };
  let last: readonly Word[] | undefined;
  let missing = 0;
  for (const row of rows) {
    const empty = needed.find((name) => row[name] === null || row[name] === undefined);
    if (empty !== undefined) {
      add('value that is always told', empty, 'null');
      continue;
    }
    const own = key.map((column, index) => (index === 0 ? timeOf(row, column) : wordOf(row[column])));
    const timeMs = timeOf(row, time);
    if (streamPeriodOf(stream, timeMs) !== period) add('time of a row', `of ${period}`, timeText(timeMs));
    if (last && !follows(own, last, keyRepeats)) {
      add('rows in order, each once', `after ${keyText(last)}`, keyText(own));
    }
    const knowable = knownAtMs(row, stream.interval);
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

/** The value of a column of the key. */
type Word = number | string;

function wordOf(value: TableRow[string]): Word {
  return typeof value === 'string' ? value : Number(value);
}

/** Returns true if a key comes after another one, or is the same and may repeat. */
function follows(own: readonly Word[], last: readonly Word[], mayRepeat = false): boolean {
  const index = own.findIndex((word, at) => word !== last[at]);
  return index < 0 ? mayRepeat : own[index]! > last[index]!;
}

function keyText([timeMs, ...words]: readonly Word[]): string {
  return [timeText(Number(timeMs)), ...words].join(' ');
}
