import type { Chunk, Source } from '../../domain/chunk.ts';
import { ceilOpenTime, countOpenTimes, type Interval, stepOpenTimes } from '../../domain/interval.ts';
import type { Series } from '../../domain/series.ts';
import { DAY_MS, overlap, subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile, ArchiveSource } from '../../exchange/archive-file.ts';
import { venueOf } from '../../exchange/venues.ts';
import { REST_PAGE_CANDLES } from '../landing/open-page.ts';

/** Pages of a REST chunk, at most: what one invocation of fetch requests well within its time limit. */
const PAGES_PER_CHUNK = 20;
/** Bytes of one candle as REST sends it, measured on answers of 2026-09. */
const REST_BYTES_PER_CANDLE = 130;

/** A file that the archive lists, compared with the landed one. */
export interface OfferedFile extends ArchiveFile {
  /** True if the file has landed, but only in an older version. */
  readonly revised?: boolean;
}

/** A landed object of a series: its source, and the open times that it answers for. */
export interface Landed {
  readonly source: Source;
  readonly range: TimeRange;
  /** Begin of the page that it is an answer of REST to, if the page was open then. */
  readonly openPageMs?: number;
}

/** The wanted range of one series, its landed objects, and its sources. */
export interface SeriesOutlook {
  readonly series: Series;
  /** Open times wanted, on the grid, closed, and within the listing. */
  readonly range: TimeRange;
  readonly landed: readonly Landed[];
  readonly files: readonly OfferedFile[];
  /** False if REST does not answer, or no longer lists the symbol. */
  readonly rest: boolean;
  readonly asOfMs: number;
  /** Begin of the page of the day that is open; undefined if REST is asked only for what is new. */
  readonly openMs?: number | undefined;
}

interface SeriesChunks {
  /** The chunks to fetch: archive files in time order, then REST windows in time order. */
  readonly chunks: readonly Chunk[];
  /** Wanted chunks that have landed. */
  readonly landedChunks: number;
  /** Open times without a source. */
  readonly outOfReach: readonly TimeRange[];
}

/**
 * Returns the chunks that bring the wanted open times. Each month uses its monthly file if there is one (even for a
 * part of the month), otherwise the daily files of its days, otherwise REST. Landed chunks are not requested again
 * unless the archive has republished them. A lesser source is not asked for what a better one has landed. The page of
 * the day that is still open is requested from its begin each time that a candle of it has closed, and as a whole after
 * it has ended.
 */
export function planChunks(outlook: SeriesOutlook): SeriesChunks {
  const { series, range, asOfMs } = outlook;
  const landed = filesByStart(outlook.landed);
  // A file that ends after now cannot have been published yet: the clock was set back.
  const offered = filesByStart(outlook.files.filter((file) => file.range.toMs <= asOfMs));
  const hasDaily = venueOf(series.market).hasDailyArchive(series.interval);
  const files: Chunk[] = [];
  const covered: TimeRange[] = [];
  let landedChunks = 0;

  /** Takes the file that begins at `fromMs`, landed or offered. Returns false if no file begins there. */
  function take(source: ArchiveSource, fromMs: number): boolean {
    const there = landed[source].get(fromMs);
    const file = offered[source].get(fromMs);
    if (there && !file?.revised) landedChunks += 1;
    else if (file) {
      const { range, sizeBytes, version } = file;
      files.push({ series, source, range, asOfMs, sizeBytes, ...(there && { revision: version }) });
    }
    const taken = there ?? file;
    if (taken) covered.push(taken.range);
    return taken !== undefined;
  }

  for (const month of monthsIn(range)) {
    if (take('archive_monthly', month.fromMs) || !hasDaily) continue;
    for (const day of daysIn(overlap(month, range))) take('archive_daily', day.fromMs);
  }

  const landedRest = outlook.landed.filter((l) => l.source === 'rest');
  const closed = landedRest.filter((l) => l.openPageMs === undefined).map((l) => l.range);
  const all = landedRest.map((l) => l.range);
  const { openMs = Number.POSITIVE_INFINITY } = outlook;
  const windows: Chunk[] = [];
  const outOfReach: TimeRange[] = [];
  for (const rest of onGrid(series.interval, subtractRanges(range, covered))) {
    const [before, open] = cutAt(rest, openMs);
    landedChunks += closed.filter((l) => l.fromMs < before.toMs && l.toMs > before.fromMs).length;
    const missing = onGrid(series.interval, subtractRanges(before, closed));
    const missingOpen = onGrid(series.interval, subtractRanges(open, all));
    if (open.fromMs < open.toMs && missingOpen.length === 0) landedChunks += 1;
    if (!outlook.rest) outOfReach.push(...missing, ...missingOpen);
    else {
      windows.push(...missing.flatMap((m) => splitWindow(series.interval, m)).map((w) => restChunk(series, w, asOfMs)));
      if (missingOpen.length > 0) windows.push({ ...restChunk(series, open, asOfMs), openPageMs: openMs });
    }
  }
  return { chunks: [...files, ...windows], landedChunks, outOfReach };
}

/** Cuts a range at an instant. One of the parts may be empty. */
function cutAt({ fromMs, toMs }: TimeRange, atMs: number): [before: TimeRange, after: TimeRange] {
  const cutMs = Math.min(Math.max(atMs, fromMs), toMs);
  return [
    { fromMs, toMs: cutMs },
    { fromMs: cutMs, toMs },
  ];
}

/**
 * Months, ascending, whose daily files must be looked up: those without a monthly file, landed or listed, and with a
 * day that has ended and has not landed.
 */
export function monthsToLookUp(outlook: SeriesOutlook): TimeRange[] {
  if (!venueOf(outlook.series.market).hasDailyArchive(outlook.series.interval)) return [];
  const landed = filesByStart(outlook.landed);
  const offered = filesByStart(outlook.files);
  return monthsIn(outlook.range).filter((month) => {
    if (landed.archive_monthly.has(month.fromMs)) return false;
    if (offered.archive_monthly.has(month.fromMs) && month.toMs <= outlook.asOfMs) return false;
    const days = daysIn(overlap(month, outlook.range));
    return days.some((day) => day.toMs <= outlook.asOfMs && !landed.archive_daily.has(day.fromMs));
  });
}

function filesByStart<T extends Landed>(files: readonly T[]): Record<Source, Map<number, T>> {
  const byStart: Record<Source, Map<number, T>> = {
    archive_monthly: new Map(),
    archive_daily: new Map(),
    rest: new Map(),
  };
  for (const file of files) byStart[file.source].set(file.range.fromMs, file);
  return byStart;
}

/** Returns the chunk of a REST window. Its size is an estimate. */
export function restChunk(series: Series, range: TimeRange, asOfMs: number): Chunk {
  const sizeBytes = countOpenTimes(series.interval, range) * REST_BYTES_PER_CANDLE;
  return { series, source: 'rest', range, asOfMs, sizeBytes };
}

function splitWindow(interval: Interval, range: TimeRange): TimeRange[] {
  const windows: TimeRange[] = [];
  for (let fromMs = range.fromMs; fromMs < range.toMs; ) {
    const toMs = Math.min(range.toMs, stepOpenTimes(interval, fromMs, REST_PAGE_CANDLES * PAGES_PER_CHUNK));
    windows.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return windows;
}

/** Moves both ends to the grid. Ranges without an open time are left out. */
function onGrid(interval: Interval, ranges: readonly TimeRange[]): TimeRange[] {
  return ranges
    .map((r) => ({ fromMs: ceilOpenTime(interval, r.fromMs), toMs: ceilOpenTime(interval, r.toMs) }))
    .filter((r) => r.fromMs < r.toMs);
}

function monthsIn(range: TimeRange): TimeRange[] {
  const months: TimeRange[] = [];
  const first = new Date(range.fromMs);
  for (let i = 0; ; i += 1) {
    const fromMs = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + i, 1);
    if (fromMs >= range.toMs) return months;
    months.push({ fromMs, toMs: Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + i + 1, 1) });
  }
}

function daysIn(range: TimeRange): TimeRange[] {
  const days: TimeRange[] = [];
  for (let fromMs = Math.floor(range.fromMs / DAY_MS) * DAY_MS; fromMs < range.toMs; fromMs += DAY_MS) {
    days.push({ fromMs, toMs: fromMs + DAY_MS });
  }
  return days;
}
