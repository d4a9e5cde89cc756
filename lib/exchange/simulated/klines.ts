import { INTERVALS, type Interval, nextOpenTime, nominalMs } from '../../domain/interval.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { type CandleSource, openTimeOf, type WireMarket, type WireSeries } from './candle-source.ts';
import { errorBody, mandatoryBody, notValidBody } from './observed-bodies.ts';
import { unfinishedRow } from './unfinished-row.ts';

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1500;

interface KlinesQuery {
  readonly series: WireSeries;
  /** Inclusive, both, on open times. */
  readonly startMs?: number;
  readonly endMs?: number;
  readonly limit: number;
}

/** Reads the parameters of a klines request, or gives the body of the refusal. */
export function readKlinesQuery(
  source: CandleSource,
  market: WireMarket,
  parameters: URLSearchParams,
  nowMs: number,
): KlinesQuery | string {
  const symbol = parameters.get('symbol');
  const word = parameters.get('interval');
  if (!symbol) return mandatoryBody('symbol');
  if (!word) return mandatoryBody('interval');
  const interval = INTERVALS.find((i) => i === word) as Interval | undefined;
  if (!interval) return errorBody('invalidInterval');
  const numbers: { limit?: number; startTime?: number; endTime?: number } = {};
  for (const name of ['limit', 'startTime', 'endTime'] as const) {
    const text = parameters.get(name);
    if (text === null) continue;
    if (!/^-?\d{1,16}$/.test(text)) return mandatoryBody(name);
    numbers[name] = Number(text);
    if (numbers[name] < 0) return notValidBody(name);
  }
  const { limit = DEFAULT_LIMIT, startTime, endTime } = numbers;
  if (limit < 1 || limit > MAX_LIMIT) return notValidBody('limit');
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) return errorBody('startAfterEnd');
  const listing = source.listings(market).find((l) => l.symbol === symbol);
  if (!listing || listing.delisted || listing.onboardMs > nowMs) return errorBody('invalidSymbol');
  return {
    series: { market, symbol, interval },
    ...(startTime === undefined ? {} : { startMs: startTime }),
    ...(endTime === undefined ? {} : { endMs: endTime }),
    limit,
  };
}

/**
 * Rows as the real exchange picks them: from `startMs` on, oldest first; without it the newest. The candle that is
 * still open at `nowMs` is among them, with the values it has by then.
 */
export function pickRows(source: CandleSource, query: KlinesQuery, nowMs: number): string[] {
  const { series, limit } = query;
  const extent = source.extent(series);
  if (!extent) return [];
  const range = {
    fromMs: Math.max(query.startMs ?? 0, extent.fromMs),
    toMs: Math.min((query.endMs ?? nowMs) + 1, nowMs + 1, extent.toMs),
  };
  if (range.fromMs >= range.toMs) return [];
  const rows =
    query.startMs === undefined ? newest(source, series, range, limit) : oldest(source, series, range, limit);
  return rows.map((row) => asOf(row, series.interval, nowMs));
}

// Windows are widened until there are enough rows, because recorded series have holes.
function oldest(source: CandleSource, series: WireSeries, range: TimeRange, limit: number): string[] {
  const rows: string[] = [];
  let widthMs = (limit + 1) * nominalMs(series.interval);
  for (let fromMs = range.fromMs; fromMs < range.toMs && rows.length < limit; widthMs *= 2) {
    const toMs = Math.min(range.toMs, fromMs + widthMs);
    rows.push(...source.rows(series, { fromMs, toMs }));
    fromMs = toMs;
  }
  return rows.slice(0, limit);
}

function newest(source: CandleSource, series: WireSeries, range: TimeRange, limit: number): string[] {
  let rows: string[] = [];
  let widthMs = (limit + 1) * nominalMs(series.interval);
  for (let toMs = range.toMs; toMs > range.fromMs && rows.length < limit; widthMs *= 2) {
    const fromMs = Math.max(range.fromMs, toMs - widthMs);
    rows = [...source.rows(series, { fromMs, toMs }), ...rows];
    toMs = fromMs;
  }
  return rows.slice(-limit);
}

function asOf(row: string, interval: Interval, nowMs: number): string {
  const openMs = openTimeOf(row);
  const nextMs = nextOpenTime(interval, openMs);
  return nextMs <= nowMs ? row : unfinishedRow(row, (nowMs - openMs) / (nextMs - openMs));
}

const NUMERIC_COLUMNS = [0, 6, 8];

/** The JSON of a klines answer: times and count as numbers, the rest as the texts they are. */
export function klinesJson(rows: readonly string[]): string {
  const arrays = rows.map(
    (row) =>
      `[${row
        .split(',')
        .map((field, i) => (NUMERIC_COLUMNS.includes(i) ? field : `"${field}"`))
        .join(',')}]`,
  );
  return `[${arrays.join(',')}]`;
}
