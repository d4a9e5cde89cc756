import type { Chunk } from '../domain/chunk.ts';
import { ceilOpenTime, countOpenTimes, floorOpenTime } from '../domain/interval.ts';
import { landingPrefix, parseReceiptKey } from '../domain/keys.ts';
import { periodsIn } from '../domain/period.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { isoTime, type TimeRange } from '../domain/time-range.ts';
import type { ObjectStore } from '../ports.ts';
import type { ArchiveListing } from './archive-listing.ts';
import type { PlannedSeries } from './contract.ts';
import { type ArchiveFile, type Landed, monthsToLookUp, planChunks, type SeriesOutlook } from './plan-chunks.ts';
import type { ChosenSymbol } from './symbols.ts';

export interface SeriesWorld {
  readonly store: ObjectStore;
  /** Undefined where it is out of reach. */
  readonly archive: ArchiveListing | undefined;
}

export interface SeriesQuestion {
  readonly series: Series;
  readonly chosen: ChosenSymbol;
  /** Open times the request wants, before the cut to the listing. */
  readonly range: TimeRange;
  readonly asOfMs: number;
}

export type SeriesAnswer =
  | { readonly planned: PlannedSeries; readonly chunks: readonly Chunk[] }
  /** The symbol did not trade in the range; one line saying since when, or until when, it did. */
  | { readonly notListed: string };

/** Plans one series: asks the lake what has landed and the archive what it offers, then decides. */
export async function planSeries(question: SeriesQuestion, { store, archive }: SeriesWorld): Promise<SeriesAnswer> {
  const { series, chosen, asOfMs } = question;
  const [landed, monthly] = await Promise.all([askLanded(store, series), archive?.monthlyFiles(series) ?? []]);
  const listing = await askListing(question, monthly, archive);
  const range = {
    fromMs: Math.max(question.range.fromMs, listing.fromMs),
    toMs: Math.min(question.range.toMs, listing.toMs),
  };
  if (range.fromMs >= range.toMs) return { notListed: notListed(question, listing) };

  const outlook: SeriesOutlook = { series, range, landed, files: monthly, rest: chosen.rest, asOfMs };
  const daily = archive ? await askDaily(outlook, archive) : [];
  const { chunks, landedChunks, outOfReach } = planChunks({ ...outlook, files: [...monthly, ...daily] });
  const planned = {
    series,
    range,
    periods: periodsIn(series.interval, range),
    wantedCandles: countOpenTimes(series.interval, range),
    wantedChunks: chunks.length + landedChunks,
    landedChunks,
    outOfReach,
  };
  return { planned, chunks };
}

async function askLanded(store: ObjectStore, series: Series): Promise<Landed[]> {
  const objects = await store.list(landingPrefix(series));
  return objects.flatMap((object) => parseReceiptKey(series, object.key) ?? []);
}

async function askDaily(outlook: SeriesOutlook, archive: ArchiveListing): Promise<ArchiveFile[]> {
  const months = monthsToLookUp(outlook);
  const files = await Promise.all(months.map((m) => archive.dailyFiles(outlook.series, isoTime(m.fromMs).slice(0, 7))));
  return files.flat();
}

/**
 * Open times in which the symbol was listed, on the grid. exchangeInfo says since when; where it does not, the archive's
 * first file is the evidence, and for a delisted symbol its last file is the evidence of the end.
 */
async function askListing(
  { series, chosen }: SeriesQuestion,
  monthly: readonly ArchiveFile[],
  archive: ArchiveListing | undefined,
): Promise<TimeRange> {
  const { interval } = series;
  const listing = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  if (chosen.onboardMs !== undefined) return { ...listing, fromMs: floorOpenTime(interval, chosen.onboardMs) };
  const daily = chosen.delisted || monthly.length === 0 ? ((await archive?.dailyFiles(series)) ?? []) : [];
  const files = [...monthly, ...daily];
  if (files.length === 0) return listing;
  const fromMs = ceilOpenTime(interval, Math.min(...files.map((f) => f.range.fromMs)));
  if (!chosen.delisted) return { ...listing, fromMs };
  return { fromMs, toMs: ceilOpenTime(interval, Math.max(...files.map((f) => f.range.toMs))) };
}

function notListed({ series, range }: SeriesQuestion, listing: TimeRange): string {
  const asked = `from ${isoTime(range.fromMs)} to ${isoTime(range.toMs)}`;
  const { fromMs, toMs } = listing;
  const since = Number.isFinite(fromMs) ? ` from ${isoTime(fromMs)}` : '';
  const until = Number.isFinite(toMs) ? ` until ${isoTime(toMs)}` : '';
  return `range must touch the listing of ${seriesName(series)},${since}${until}, got ${asked}`;
}
