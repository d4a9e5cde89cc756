import type { Chunk } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, countOpenTimes, floorOpenTime } from '../../domain/interval.ts';
import { type ListingFact, listingOf } from '../../domain/listing.ts';
import { periodsIn } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import type { ArchiveListing } from '../../exchange/venue.ts';
import type { ObjectStore } from '../../ports.ts';
import { archiveCheckKey, closedLandingPrefix, openLandingPrefix, parseReceiptKey } from '../keys.ts';
import { gridEndKey } from '../landing/grid-end-key.ts';
import { pageOf } from '../landing/open-page.ts';
import { upToArchiveEnd } from './archive-end.ts';
import type { PlannedSeries } from './contract.ts';
import { inputsAgain } from './inputs-again.ts';
import { type LandedFacts, landingOfFact } from './listing-facts.ts';
import { monthsToLookUp, planChunks, type SeriesOutlook } from './plan-chunks.ts';
import { findRevised, type LandedFile } from './revised-files.ts';
import type { ChosenSymbol } from './symbols.ts';

interface SeriesContext {
  readonly store: ObjectStore;
  /** Undefined if the archive does not answer. */
  readonly archive: ArchiveListing | undefined;
  readonly facts: LandedFacts;
}

interface SeriesQuestion {
  readonly series: Series;
  readonly chosen: ChosenSymbol;
  /** Open times that the request wants, before the cut to the listing. */
  readonly range: TimeRange;
  readonly asOfMs: number;
  /** True if nothing after the archive's newest file is wanted. */
  readonly archiveOnly: boolean;
}

/** An object for the lake with a fact that planning found. */
export interface Learned {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A series that trades in the range. */
export interface PlannedSeriesAnswer {
  readonly planned: PlannedSeries;
  readonly chunks: readonly Chunk[];
  /** True if REST answers and lists the symbol. */
  readonly rest: boolean;
  /** Instant of the settlement. Infinity if the symbol trades, or if no fact names an end. */
  readonly settledMs: number;
}

export type SeriesAnswer = { readonly learned: readonly Learned[] } & (
  | PlannedSeriesAnswer
  /** The symbol did not trade in the range. One line with the time in which it did. */
  | { readonly notListed: string }
);

/** Plans one series: compares what has landed with what the archive offers. Writes nothing. */
export async function planSeries(question: SeriesQuestion, context: SeriesContext): Promise<SeriesAnswer> {
  const { series, chosen, asOfMs } = question;
  const { store, archive } = context;
  const openMs = pageOf(series, closedUntil(series.interval, asOfMs))?.fromMs;
  const [landed, monthly] = await Promise.all([
    listLanded(store, series, openMs),
    archive?.files(series, 'archive_monthly') ?? [],
  ]);
  const fact =
    chosen.life?.listedMs === undefined ? await archiveFact(question, monthly, archive) : listedFact(question);
  const learned = fact ? await newFact(fact, context.facts) : [];
  // If REST no longer lists a symbol, what it listed before still counts.
  const known = chosen.rest ? [] : await context.facts.read(series.symbol);
  const listing = openTimesListed(question, known, fact);
  const traded = {
    fromMs: Math.max(question.range.fromMs, listing.fromMs),
    toMs: Math.min(question.range.toMs, listing.toMs),
  };
  if (traded.fromMs >= traded.toMs) return { notListed: notListed(question, listing), learned };

  const wide: SeriesOutlook = { series, range: traded, landed, files: monthly, rest: chosen.rest, asOfMs, openMs };
  const daily = archive ? await listDaily(wide, archive) : [];
  const range = question.archiveOnly
    ? upToArchiveEnd(series.interval, traded, [...monthly, ...daily], landed, asOfMs)
    : traded;
  if (range.fromMs >= range.toMs) return { notListed: notArchived(question), learned };
  const outlook = { ...wide, range };
  const offered = [...monthly, ...daily].filter((f) => f.range.fromMs < range.toMs && f.range.toMs > range.fromMs);
  const { files, checks, reads } = await findRevised(archiveCheckKey(series), offered, landed, store);
  const { chunks, landedChunks, outOfReach } = planChunks({ ...outlook, files });
  const planned = {
    series,
    range,
    rest: chosen.rest,
    periods: periodsIn(series.interval, range),
    wantedCandles: countOpenTimes(series.interval, range),
    wantedChunks: chunks.length + landedChunks,
    landedChunks,
    outOfReach,
    lakeReads: reads + known.length,
    ...inputsAgain(series.interval, landed, chunks),
  };
  const gridEnd = newGridEnd(question, landed, chunks);
  const kept = checks ? [{ key: archiveCheckKey(series), bytes: checks }] : [];
  return {
    planned,
    chunks,
    rest: chosen.rest,
    settledMs: listing.settledMs,
    learned: [...learned, ...kept, ...gridEnd],
  };
}

/** Lists what has landed. Of the answers of open pages it lists those of the page that is open now. */
async function listLanded(store: ObjectStore, series: Series, openMs: number | undefined): Promise<LandedFile[]> {
  const lists = await Promise.all([
    store.list(closedLandingPrefix(series)),
    openMs === undefined ? [] : store.list(openLandingPrefix(series, openMs)),
  ]);
  return lists.flat().flatMap(({ key }) => {
    const id = parseReceiptKey(series, key);
    return id ? { ...id, receiptKey: key } : [];
  });
}

async function listDaily(outlook: SeriesOutlook, archive: ArchiveListing): Promise<ArchiveFile[]> {
  const months = monthsToLookUp(outlook);
  const files = await Promise.all(
    months.map(({ fromMs }) => archive.files(outlook.series, 'archive_daily', { month: isoTime(fromMs).slice(0, 7) })),
  );
  return files.flat();
}

function listedFact({ series: { market, symbol }, chosen }: SeriesQuestion): ListingFact {
  return { market, symbol, evidence: 'exchange_info', ...chosen.life };
}

/** The archive's first file is evidence of the listing. For a delisted symbol its last file is evidence of the end. */
async function archiveFact(
  { series, chosen }: SeriesQuestion,
  monthly: readonly ArchiveFile[],
  archive: ArchiveListing | undefined,
): Promise<ListingFact | undefined> {
  const daily = chosen.delisted || monthly.length === 0 ? ((await archive?.files(series, 'archive_daily')) ?? []) : [];
  const files = [...monthly, ...daily];
  if (files.length === 0) return undefined;
  const { market, symbol } = series;
  const listedMs = Math.min(...files.map((f) => f.range.fromMs));
  const settled = chosen.delisted ? { settledMs: Math.max(...files.map((f) => f.range.toMs)) } : {};
  return { market, symbol, evidence: 'archive', listedMs, ...settled };
}

async function newFact(fact: ListingFact, facts: LandedFacts): Promise<Learned[]> {
  const landing = landingOfFact(fact);
  return (await facts.keys(fact.symbol)).includes(landing.key) ? [] : [landing];
}

/**
 * Returns a record of the latest closed interval, so that the ledger extends to it even if no landed or planned chunk
 * does. Returns nothing if the run fetches nothing or only republished files, because such a run must not change the
 * ledger's end.
 */
function newGridEnd(
  { series, asOfMs }: SeriesQuestion,
  landed: readonly LandedFile[],
  chunks: readonly Chunk[],
): Learned[] {
  const gridEndMs = closedUntil(series.interval, asOfMs);
  const isIdle = landed.length > 0 && chunks.every(({ revision }) => revision);
  if (isIdle || [...landed, ...chunks].some(({ range }) => range.toMs >= gridEndMs)) return [];
  const record = { gridEnd: isoTime(gridEndMs), asOf: isoTime(asOfMs) };
  return [{ key: gridEndKey(series, gridEndMs), bytes: new TextEncoder().encode(`${JSON.stringify(record)}\n`) }];
}

/**
 * Returns the open times of the candles in which the symbol traded, on the grid. If the exchange lists an instant, the
 * candle that contains it counts. Otherwise the archive's first file is the only evidence.
 */
function openTimesListed(
  { series: { interval } }: SeriesQuestion,
  known: readonly ListingFact[],
  fact: ListingFact | undefined,
): TimeRange & { readonly settledMs: number } {
  const facts = fact ? [...known, fact] : known;
  const { listedMs, settledMs: listedEndMs } = listingOf(facts);
  // A symbol that vanished before an end was listed ends where the archive does.
  const settledMs = Number.isFinite(listedEndMs) ? listedEndMs : (fact?.settledMs ?? listedEndMs);
  const isListed = facts.some((fact) => fact.evidence === 'exchange_info' && fact.listedMs !== undefined);
  const begin = isListed ? floorOpenTime : ceilOpenTime;
  return {
    fromMs: Number.isFinite(listedMs) ? begin(interval, listedMs) : listedMs,
    toMs: Number.isFinite(settledMs) ? ceilOpenTime(interval, settledMs) : settledMs,
    settledMs,
  };
}

function notListed({ series, range }: SeriesQuestion, listing: TimeRange): string {
  const asked = `from ${isoTime(range.fromMs)} to ${isoTime(range.toMs)}`;
  const { fromMs, toMs } = listing;
  const since = Number.isFinite(fromMs) ? ` from ${isoTime(fromMs)}` : '';
  const until = Number.isFinite(toMs) ? ` until ${isoTime(toMs)}` : '';
  return `range must touch the listing of ${seriesName(series)},${since}${until}, got ${asked}`;
}

function notArchived({ series, range }: SeriesQuestion): string {
  const asked = `from ${isoTime(range.fromMs)} to ${isoTime(range.toMs)}`;
  return `range must touch a file that the archive has of ${seriesName(series)}, got ${asked}`;
}
