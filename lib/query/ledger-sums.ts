import { CorruptObject } from '../domain/errors.ts';
import { GAP_CLASSES, type GapClass } from '../domain/gap-class.ts';
import { countOpenTimes, floorOpenTime, nextOpenTime, parseInterval } from '../domain/interval.ts';
import { parseMarket } from '../domain/market.ts';
import { type Series, seriesName } from '../domain/series.ts';
import type { QueryEngine } from '../ports.ts';
import { candleSumsSql, type GapsWanted, gapSumsSql } from './gap-queries.ts';
import { rowObjects } from './row-objects.ts';

/** The sum of a series, recomputed from its tables: the grid by the calendar, candles and ledger by counting. */
export interface LedgerSum {
  readonly series: Series;
  /** Intervals from the first that is a candle or in the ledger to the last. */
  readonly grid: number;
  /** End of the last of them. */
  readonly toMs: number;
  readonly candles: number;
  /** Intervals in the ledger that are no candles. */
  readonly explained: number;
  readonly accounted: Readonly<Partial<Record<GapClass, { readonly intervals: number; readonly candles: number }>>>;
}

/** Sums of the series that are wanted, by name. `grid = candles + explained` where the lake is whole. */
export async function ledgerSums(wanted: GapsWanted, engine: QueryEngine): Promise<LedgerSum[]> {
  const candles = rowObjects(await engine.query(candleSumsSql(wanted)));
  const gaps = rowObjects(await engine.query(gapSumsSql(wanted)));
  const names = new Map([...candles, ...gaps].map((row) => [nameOf(row), row]));
  return [...names].map(([name, row]) => {
    const ofSeries = (other: Row) => nameOf(other) === name;
    return sumOf(seriesOf(row), candles.find(ofSeries), gaps.filter(ofSeries));
  });
}

type Row = Readonly<Record<string, unknown>>;

function sumOf(series: Series, held: Row | undefined, gaps: readonly Row[]): LedgerSum {
  const { interval } = series;
  const accounted = Object.fromEntries(
    GAP_CLASSES.flatMap((kind) => {
      const row = gaps.find((one) => one['class'] === kind);
      return row ? [[kind, { intervals: Number(row['intervals']), candles: Number(row['candles']) }]] : [];
    }),
  );
  const candles = Number(held?.['candles'] ?? 0);
  const explained = gaps.reduce((sum, row) => sum + Number(row['intervals']) - Number(row['candles']), 0);
  const first = [...(held ? [floorOpenTime(interval, timeOf(held, 'first_open'))] : [])];
  const end = [...(held ? [nextOpenTime(interval, floorOpenTime(interval, timeOf(held, 'last_open')))] : [])];
  const fromMs = Math.min(...first, ...gaps.map((row) => timeOf(row, 'first_from')));
  const toMs = Math.max(...end, ...gaps.map((row) => timeOf(row, 'last_to')));
  return { series, grid: countOpenTimes(interval, { fromMs, toMs }), toMs, candles, explained, accounted };
}

function seriesOf(row: Row): Series {
  return {
    market: parseMarket(String(row['market'])),
    symbol: String(row['symbol']),
    interval: parseInterval(String(row['interval'])),
  };
}

function nameOf(row: Row): string {
  return seriesName(seriesOf(row));
}

/** @throws CorruptObject if a table has none, as one that is another's would */
function timeOf(row: Row, column: string): number {
  const timeMs = Date.parse(String(row[column]));
  if (Number.isFinite(timeMs)) return timeMs;
  throw new CorruptObject(
    `tables of ${nameOf(row)} must say ${column}, got ${row[column]}: npx lake audit names the one`,
  );
}
