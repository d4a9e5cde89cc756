import type { ArchiveVersion } from './archive-version.ts';
import { BadInput } from './errors.ts';
import type { Series } from './series.ts';
import type { Stream } from './stream.ts';
import { type About, type Subject, subjectName, subjectOf } from './subject.ts';
import { DAY_MS, isoTime, type TimeRange } from './time-range.ts';

/** The sources of candles, best first: if they overlap, monthly beats daily beats REST. */
export const SOURCES = ['archive_monthly', 'archive_daily', 'rest'] as const;
export type Source = (typeof SOURCES)[number];

/**
 * The unit of fetching: one archive file (monthly or daily zip), one REST window, or one snapshot of instruments. It is
 * plain data that travels as JSON.
 */
export type Chunk<S extends Subject = Series> = About<S> & {
  readonly source: Source;
  /** Open times or times of rows that the chunk covers: the month or day of a file, or the REST window. For a snapshot,
   * the instant from which an earlier one is recent enough. */
  readonly range: TimeRange;
  /** The exchange's time when this was planned. A candle that closes later is not closed. */
  readonly asOfMs: number;
  /** Bytes of the archive file as listed; an estimate for REST. */
  readonly sizeBytes: number;
  /** Set if the file landed before and was republished since: bytes older than this version do not count. */
  readonly revision?: ArchiveVersion | undefined;
  /** Begin of the page that a REST window requests while the page is open. */
  readonly openPageMs?: number;
};

export type StreamChunk = Chunk<Stream>;

/** The part of a chunk that names it. */
type ChunkPlace<S extends Subject = Series> = About<S> & Pick<Chunk, 'source' | 'range'>;

/** The name of a chunk in reports: `um/BTCUSDT/15m archive_monthly 2024-02`, `funding um/BTCUSDT rest …`. */
export function chunkName(chunk: ChunkPlace | ChunkPlace<Stream>): string {
  return `${subjectName(subjectOf(chunk))} ${chunk.source} ${rangeLabel(chunk.source, chunk.range)}`;
}

/** The range in keys: `2024-02` for a month, `2024-02-01` for a day, `20240201T000000Z-20240201T081900Z` for REST. */
export function rangeLabel(source: Source, range: TimeRange): string {
  if (source === 'archive_monthly') return isoTime(range.fromMs).slice(0, 7);
  if (source === 'archive_daily') return isoTime(range.fromMs).slice(0, 10);
  return `${basicTime(range.fromMs)}-${basicTime(range.toMs)}`;
}

/** Reads a label back. @throws BadInput if it is not one */
export function parseRangeLabel(source: Source, label: string): TimeRange {
  const range = readLabel(source, label);
  // A date that does not exist (month 13, 30 February) is read as another date or as NaN.
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

/** Reads `20240201T081900Z` back. Returns NaN if it is something else. */
export function parseBasicTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
