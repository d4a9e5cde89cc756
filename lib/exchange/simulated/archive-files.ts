import { parseRangeLabel } from '../../domain/chunk.ts';
import { INTERVALS, type Interval } from '../../domain/interval.ts';
import { DAY_MS, type TimeRange } from '../../domain/time-range.ts';
import type { CandleSource, WireMarket, WireSeries } from './candle-source.ts';
import type { StreamKind } from './stream-kind.ts';

export type Frequency = 'monthly' | 'daily';

/** One zip of the archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly series: WireSeries;
  readonly frequency: Frequency;
  readonly range: TimeRange;
  /** The kind of its rows if they are not candles. */
  readonly kind?: StreamKind;
}

const HOUR_MS = 3_600_000;

/** First day that the archive holds, by market. */
const ARCHIVE_BEGIN: Readonly<Record<WireMarket, { readonly monthly: number; readonly daily: number }>> = {
  um: { monthly: Date.UTC(2020, 0, 1), daily: Date.UTC(2019, 11, 31) },
  cm: { monthly: Date.UTC(2020, 7, 1), daily: Date.UTC(2020, 7, 11) },
  spot: { monthly: Date.UTC(2017, 7, 1), daily: Date.UTC(2017, 7, 17) },
};

/** When a file appears: a day's at 08:40 UTC of the next day, a month's at noon of the first day of the next month. */
export function publishedAtMs(file: Pick<ArchiveFile, 'frequency' | 'range'>): number {
  return file.range.toMs + (file.frequency === 'daily' ? 8 * HOUR_MS + 40 * 60_000 : 12 * HOUR_MS);
}

/** Folder names of intervals as the archive spells them. */
export function archiveIntervals(frequency: Frequency): string[] {
  const intervals =
    frequency === 'monthly' ? INTERVALS : INTERVALS.filter((interval) => !['3d', '1w', '1M'].includes(interval));
  return intervals.map((interval) => (interval === '1M' ? '1mo' : interval));
}

const PATH = /^data\/(futures\/um|futures\/cm|spot)\/(monthly|daily)\/klines\/([^/]+)\/([^/]+)\/\3-\4-([\d-]+)\.zip$/;
const MARKETS: Readonly<Record<string, WireMarket>> = { 'futures/um': 'um', 'futures/cm': 'cm', spot: 'spot' };

/** Reads the path of a zip. Returns undefined if it is not a path of the archive. */
export function parseArchivePath(path: string): ArchiveFile | undefined {
  const match = PATH.exec(path);
  if (!match) return undefined;
  const [, folder, frequency, symbol, word, label] = match as unknown as [
    string,
    string,
    Frequency,
    string,
    string,
    string,
  ];
  const interval = archiveIntervals(frequency).includes(word)
    ? ((word === '1mo' ? '1M' : word) as Interval)
    : undefined;
  const shape = frequency === 'monthly' ? /^\d{4}-\d{2}$/ : /^\d{4}-\d{2}-\d{2}$/;
  if (!interval || !shape.test(label)) return undefined;
  // A label may have the shape of a date and be none, such as 2024-13 or 2024-02-30.
  if (!new Date(`${label}T00:00Z`.replace(/^(\d{4}-\d{2})T/, '$1-01T')).toJSON()?.startsWith(label)) return undefined;
  const range = parseRangeLabel(frequency === 'monthly' ? 'archive_monthly' : 'archive_daily', label);
  const series = { market: MARKETS[folder], symbol, interval };
  return toPath(series, frequency, range) === path ? { path, series, frequency, range } : undefined;
}

/** The archive's paths are written here a second time, so that the tests compare two definitions of them. */
function toPath({ market, symbol, interval }: WireSeries, frequency: Frequency, { fromMs }: TimeRange): string {
  const word = interval === '1M' ? '1mo' : interval;
  const label = new Date(fromMs).toISOString().slice(0, frequency === 'monthly' ? 7 : 10);
  return `${archiveRoot(market, frequency)}${symbol}/${word}/${symbol}-${word}-${label}.zip`;
}

/** Returns the folder of a market's candles: `data/futures/um/monthly/klines/`. */
export function archiveRoot(market: WireMarket, frequency: Frequency): string {
  return `data/${market === 'spot' ? 'spot' : `futures/${market}`}/${frequency}/klines/`;
}

/** Returns true if the file has been published by `nowMs`. */
export function isPublished(source: CandleSource, file: ArchiveFile, nowMs: number): boolean {
  return (
    file.range.fromMs >= ARCHIVE_BEGIN[file.series.market][file.frequency] &&
    publishedAtMs(file) <= nowMs &&
    source.has(file.series, file.range)
  );
}

/** Published files of a series, oldest first. */
export function* publishedFiles(
  source: CandleSource,
  series: WireSeries,
  frequency: Frequency,
  nowMs: number,
): Generator<ArchiveFile> {
  const extent = source.extent(series);
  if (!extent) return;
  const beginMs = Math.max(extent.fromMs, ARCHIVE_BEGIN[series.market][frequency]);
  for (let range = rangeAt(frequency, beginMs); range.fromMs < extent.toMs; range = rangeAt(frequency, range.toMs)) {
    const file = { path: toPath(series, frequency, range), series, frequency, range };
    if (publishedAtMs(file) > nowMs) return;
    if (isPublished(source, file, nowMs)) yield file;
  }
}

function rangeAt(frequency: Frequency, timeMs: number): TimeRange {
  if (frequency === 'daily') {
    const fromMs = Math.floor(timeMs / DAY_MS) * DAY_MS;
    return { fromMs, toMs: fromMs + DAY_MS };
  }
  const date = new Date(timeMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { fromMs: Date.UTC(year, month, 1), toMs: Date.UTC(year, month + 1, 1) };
}

/** Root folders of the archive's candles, with what is in them. */
export const ARCHIVE_ROOTS = (['um', 'cm', 'spot'] as const).flatMap((market) =>
  (['monthly', 'daily'] as const).map((frequency) => ({ market, frequency, folder: archiveRoot(market, frequency) })),
);
