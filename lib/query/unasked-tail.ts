import { closedUntil } from '../domain/closed.ts';
import type { GapClass } from '../domain/gap-class.ts';
import { countOpenTimes } from '../domain/interval.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { isoTime, type TimeRange } from '../domain/time-range.ts';
import type { QueryResult } from '../ports.ts';
import type { GapsWanted } from './gap-queries.ts';
import type { LedgerSum } from './ledger-sums.ts';

/** The ledger of some series: its rows, and the sum of each series. */
export interface AskedLedger {
  readonly rows: QueryResult;
  readonly sums: readonly LedgerSum[];
}

/**
 * Returns the ledger up to now. Its table ends at the last interval that the lake has a record of, because a shard is a
 * function of what landed. Later intervals are `unknown`, because no source was asked, or still `settled`.
 * @param ledger rows as `gapRowsSql` gives them
 * @param wanted which rows are to be shown; the sums have all of them
 */
export function withUnaskedTail(
  ledger: AskedLedger,
  nowMsOf: (sum: LedgerSum) => number,
  wanted: Pick<GapsWanted, 'classes' | 'fromMs' | 'toMs'>,
): AskedLedger {
  const tails = new Map<string, Tail>();
  const sums = ledger.sums.map((sum) => {
    const { series, accounted, toMs } = sum;
    const range = { fromMs: toMs, toMs: closedUntil(series.interval, nowMsOf(sum)) };
    if (range.toMs <= range.fromMs) return sum;
    const kind = accounted.settled ? 'settled' : 'unknown';
    const intervals = countOpenTimes(series.interval, range);
    const before = accounted[kind] ?? { intervals: 0, candles: 0 };
    tails.set(seriesName(series), { ...range, series, kind, intervals });
    return {
      ...sum,
      toMs: range.toMs,
      grid: sum.grid + intervals,
      explained: sum.explained + intervals,
      accounted: { ...accounted, [kind]: { ...before, intervals: before.intervals + intervals } },
    };
  });
  return { rows: inOrderOf(sums, withTails(ledger.rows, tails, wanted)), sums };
}

interface Tail extends TimeRange {
  readonly series: Series;
  readonly kind: GapClass;
  readonly intervals: number;
}

/** A series' rows together, in their order. */
function inOrderOf(sums: readonly LedgerSum[], { columns, rows }: QueryResult): QueryResult {
  const { nameOf } = readingOf(columns);
  const places = new Map(sums.map(({ series }, index) => [seriesName(series), index]));
  return { columns, rows: rows.toSorted((a, b) => places.get(nameOf(a))! - places.get(nameOf(b))!) };
}

function readingOf(columns: QueryResult['columns']) {
  const place = new Map(columns.map(({ name }, index) => [name, index]));
  const cell = (row: readonly unknown[], name: string) => row[place.get(name)!];
  const nameOf = (row: readonly unknown[]) => ['market', 'symbol', 'interval'].map((name) => cell(row, name)).join('/');
  return { cell, nameOf };
}

/** A settled symbol's last row goes on; of the others nobody was asked, which is a row of its own. */
function withTails(
  { columns, rows }: QueryResult,
  tails: ReadonlyMap<string, Tail>,
  {
    classes,
    fromMs = Number.NEGATIVE_INFINITY,
    toMs = Number.POSITIVE_INFINITY,
  }: Parameters<typeof withUnaskedTail>[2],
): QueryResult {
  const { cell, nameOf } = readingOf(columns);
  const written = (cells: Readonly<Record<string, unknown>>) => columns.map(({ name }) => cells[name] ?? null);

  const longer = rows.map((row) => {
    const tail = tails.get(nameOf(row));
    const goesOn =
      tail?.kind === 'settled' && cell(row, 'class') === 'settled' && timeOf(row, 'to_time') === tail.fromMs;
    if (!goesOn) return row;
    const same = Object.fromEntries(columns.map(({ name }) => [name, cell(row, name)]));
    const endTime = isoTime(tail.toMs);
    const intervals = Number(same['intervals']) + tail.intervals;
    return written({ ...same, to_time: endTime, known_at: endTime, intervals });
  });
  const unasked = [...tails.values()]
    .filter(({ kind }) => kind === 'unknown')
    .map((tail) =>
      written({
        ...tail.series,
        from_time: isoTime(tail.fromMs),
        to_time: isoTime(tail.toMs),
        class: tail.kind,
        intervals: tail.intervals,
        candles: 0,
        known_at: isoTime(tail.toMs),
        evidence: JSON.stringify({ why: 'not_asked_since' }),
      }),
    );
  const shown = [...longer, ...unasked].filter(
    (row) =>
      (classes?.includes(cell(row, 'class') as GapClass) ?? true) &&
      timeOf(row, 'to_time') > fromMs &&
      timeOf(row, 'from_time') < toMs,
  );
  return { columns, rows: shown };

  function timeOf(row: readonly unknown[], name: string): number {
    return Date.parse(String(cell(row, name)));
  }
}
