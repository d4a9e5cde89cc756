import { type Interval, nextOpenTime } from '../../domain/interval.ts';
import { archiveRoot } from './archive-files.ts';
import {
  type CandleSource,
  type Listing,
  type OfficialFile,
  openTimeOf,
  type WireMarket,
  type WireSeries,
} from './candle-source.ts';

/** Recorded rows of one series: the archive's 12 columns, times in milliseconds, no header. */
export interface RecordedSeries {
  readonly market: WireMarket;
  readonly symbol: string;
  readonly interval: Interval;
  readonly rows: readonly string[];
  /** Name and bytes of the zip that Binance published with these rows, if there is one. It is served unchanged. */
  readonly official?: OfficialFile & { readonly fileName: string };
}

interface RecordedOptions {
  /** The time of a symbol's listing, epoch ms. Default: its first recorded row. */
  readonly onboardMs?: Readonly<Record<string, number>>;
}

interface Held {
  readonly rows: string[];
  readonly openTimes: Float64Array;
}

/**
 * Serves recorded rows, text for text, over REST and in archive files. A series may have several parts. A row
 * that two overlapping parts share is served once.
 */
export function recordedCandles(parts: readonly RecordedSeries[], options: RecordedOptions = {}): CandleSource {
  const series = new Map<string, Held>();
  for (const [name, rows] of groupRows(parts)) {
    series.set(name, { rows, openTimes: Float64Array.from(rows, openTimeOf) });
  }
  const official = new Map(
    parts.flatMap((part) => (part.official ? [[officialPath(part, part.official.fileName), part.official]] : [])),
  );
  const span = (wire: WireSeries, fromMs: number, toMs: number) => {
    const held = series.get(nameOf(wire));
    if (!held) return { held: undefined, from: 0, to: 0 };
    return { held, from: lowerBound(held.openTimes, fromMs), to: lowerBound(held.openTimes, toMs) };
  };
  return {
    revision: 'recorded',
    fewFiles: true,
    listings: (market) => listingsOf(parts, market, options),
    has(wire, range) {
      const { from, to } = span(wire, range.fromMs, range.toMs);
      return from < to;
    },
    extent(wire) {
      const held = series.get(nameOf(wire));
      if (!held || held.rows.length === 0) return undefined;
      return { fromMs: held.openTimes[0], toMs: nextOpenTime(wire.interval, held.openTimes.at(-1)!) };
    },
    rows(wire, range) {
      const { held, from, to } = span(wire, range.fromMs, range.toMs);
      return held ? held.rows.slice(from, to) : [];
    },
    officialFile: (path) => official.get(path),
  };
}

function groupRows(parts: readonly RecordedSeries[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const part of parts) {
    const rows = groups.get(nameOf(part)) ?? [];
    // Not `push(...rows)`: a month of minutes is more than a call may have arguments.
    groups.set(nameOf(part), rows.concat(part.rows));
  }
  for (const [name, rows] of groups)
    groups.set(
      name,
      [...new Set(rows)].sort((a, b) => openTimeOf(a) - openTimeOf(b)),
    );
  return groups;
}

function listingsOf(parts: readonly RecordedSeries[], market: WireMarket, options: RecordedOptions): Listing[] {
  const symbols = [...new Set(parts.filter((part) => part.market === market).map((part) => part.symbol))];
  return symbols.map((symbol) => {
    const own = parts.filter((part) => part.market === market && part.symbol === symbol && part.rows.length > 0);
    const firstMs = Math.min(...own.map((part) => openTimeOf(part.rows[0])));
    const fields = own[0]?.rows[0].split(',') ?? [];
    const pair = symbol.replace(/_.*$/, '');
    const quoteAsset = /(USDT|USDC|BUSD|FDUSD|USD|BTC)$/.exec(pair)?.[0] ?? 'USDT';
    return {
      symbol,
      pair,
      baseAsset: pair.slice(0, -quoteAsset.length),
      quoteAsset,
      contractType: 'PERPETUAL',
      onboardMs: options.onboardMs?.[symbol] ?? firstMs,
      priceDecimals: fields[1]?.split('.')[1]?.length ?? 0,
      quantityDecimals: fields[5]?.split('.')[1]?.length ?? 0,
      tickSteps: 1,
    };
  });
}

function officialPath(part: RecordedSeries, fileName: string): string {
  const frequency = /-\d{4}-\d{2}-\d{2}\.zip$/.test(fileName) ? 'daily' : 'monthly';
  const word = part.interval === '1M' ? '1mo' : part.interval;
  return `${archiveRoot(part.market, frequency)}${part.symbol}/${word}/${fileName}`;
}

function nameOf(series: WireSeries): string {
  return `${series.market}/${series.symbol}/${series.interval}`;
}

/** Index of the first time that is not before `timeMs`. */
function lowerBound(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
