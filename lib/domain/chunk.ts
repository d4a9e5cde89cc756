import type { ArchiveVersion } from './archive-version.ts';
import { BadInput } from './errors.ts';
import { type Series, seriesName } from './series.ts';
import { DAY_MS, isoTime, type TimeRange } from './time-range.ts';

/** Where candles come from, best first: where they overlap, monthly beats daily beats REST. */
export const SOURCES = ['archive_monthly', 'archive_daily', 'rest'] as const;
export type Source = (typeof SOURCES)[number];

/** The unit of fetching: one archive file (monthly or daily zip) or one REST window. Plain data; travels as JSON. */
export interface Chunk {
  readonly series: Series;
  readonly source: Source;
  /** Open times it is to bring. Archive: the whole month or day of the file. REST: the window asked for. */
  readonly range: TimeRange;
  /** The exchange's time when this was planned. A candle that closes after it is not closed. */
  readonly asOfMs: number;
  /** Bytes of the archive file as listed; for REST an estimate. */
  readonly sizeBytes: number;
  /** Where the file has landed before and was published anew since: bytes older than this version do not count. */
  readonly revision?: ArchiveVersion | undefined;
  /** Begin of the page that a REST window asks for while the page is open. */
  readonly openPageMs?: number;
}

/** Name of a chunk in reports: `um/BTCUSDT/15m archive_monthly 2024-02`. */
export function chunkName(chunk: Pick<Chunk, 'series' | 'source' | 'range'>): string {
  return `${seriesName(chunk.series)} ${chunk.source} ${rangeLabel(chunk.source, chunk.range)}`;
}

/** `2024-02` for a monthly file, `2024-02-01` for a daily one, `20240201T000000Z-20240201T081900Z` for a REST window. */
export function rangeLabel(source: Source, range: TimeRange): string {
  if (source === 'archive_monthly') return isoTime(range.fromMs).slice(0, 7);
  if (source === 'archive_daily') return isoTime(range.fromMs).slice(0, 10);
  return `${basicTime(range.fromMs)}-${basicTime(range.toMs)}`;
}

/** Reads a label back. @throws BadInput where it is not one. */
export function parseRangeLabel(source: Source, label: string): TimeRange {
  const range = readLabel(source, label);
  // Dates that there are not (month 13, 30 February) come out as others or as none.
  if (Number.isFinite(range.fromMs) && Number.isFinite(range.toMs) && rangeLabel(source, range) === label) return range;
  throw new BadInput(`range of a ${source} object must be like ${EXAMPLES[source]}, got '${label}'`);
}

function readLabel(source: Source, label: string): TimeRange {
  if (source === 'archive_monthly') {
    const [year, month] = label.split('-').map(Number) as [number, number];
    return { fromMs: Date.UTC(year, month - 1, 1), toMs: Date.UTC(year, month, 1) };
  }
  if (source === 'archive_daily') {
    const fromMs = Date.parse(label);
    return { fromMs, toMs: fromMs + DAY_MS };
  }
  const [from = '', to = ''] = label.split('-');
  return { fromMs: parseBasicTime(from), toMs: parseBasicTime(to) };
}

const EXAMPLES: Record<Source, string> = {
  archive_monthly: '2024-02',
  archive_daily: '2024-02-01',
  rest: '20240201T000000Z-20240201T081900Z',
};

/** `20240201T081900Z`. */
export function basicTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Reads `20240201T081900Z` back; NaN where it is something else. */
export function parseBasicTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
