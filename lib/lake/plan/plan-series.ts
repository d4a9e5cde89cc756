import type { Chunk } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, countOpenTimes, floorOpenTime } from '../../domain/interval.ts';
import { type ListingFact, listingOf } from '../../domain/listing.ts';
import { periodsIn } from '../../domain/period.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveListing } from '../../exchange/binance/archive-listing.ts';
import type { ObjectStore } from '../../ports.ts';
import { archiveCheckKey, closedLandingPrefix, gridEndKey, openLandingPrefix, parseReceiptKey } from '../keys.ts';
import { pageOf } from '../landing/open-page.ts';
import { upToArchiveEnd } from './archive-end.ts';
import type { PlannedSeries } from './contract.ts';
import { inputsAgain } from './inputs-again.ts';
import { type LandedFacts, landingOfFact } from './listing-facts.ts';
import { type ArchiveFile, monthsToLookUp, planChunks, type SeriesOutlook } from './plan-chunks.ts';
import { checkRevisions, type LandedFile } from './revisions.ts';
import type { ChosenSymbol } from './symbols.ts';

export interface SeriesWorld {
  readonly store: ObjectStore;
  /** Undefined where it is out of reach. */
  readonly archive: ArchiveListing | undefined;
  readonly facts: LandedFacts;
}

export interface SeriesQuestion {
  readonly series: Series;
  readonly chosen: ChosenSymbol;
  /** Open times the request wants, before the cut to the listing. */
  readonly range: TimeRange;
  readonly asOfMs: number;
  /** True if nothing is wanted behind the archive's newest file. */
  readonly archiveOnly: boolean;
}

/** An object for the lake: what planning learned by the way. */
export interface Learned {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export type SeriesAnswer = { readonly learned: readonly Learned[] } & (
  | {
      readonly planned: PlannedSeries;
      readonly chunks: readonly Chunk[];
      /** Instant of the settlement; infinity where it trades on, or nothing tells. */
      readonly settledMs: number;
    }
  /** The symbol did not trade in the range; one line saying since when, or until when, it did. */
  | { readonly notListed: string }
);

/** Plans one series: asks the lake what has landed and the archive what it offers, then decides. Writes nothing. */
export async function planSeries(question: SeriesQuestion, world: SeriesWorld): Promise<SeriesAnswer> {
  const { series, chosen, asOfMs } = question;
  const { store, archive } = world;
  const openMs = pageOf(series.interval, closedUntil(series.interval, asOfMs))?.fromMs;
  const [landed, monthly] = await Promise.all([askLanded(store, series, openMs), archive?.monthlyFiles(series) ?? []]);
  const fact = chosen.life?.listedMs === undefined ? await archiveFact(question, monthly, archive) : toldFact(question);
  const learned = fact ? await newFact(fact, world.facts) : [];
  // What REST once said of a symbol stands when it no longer says anything.
  const known = chosen.rest ? [] : await world.facts.read(series.symbol);
  const listing = openTimesListed(question, known, fact);
  const traded = {
    fromMs: Math.max(question.range.fromMs, listing.fromMs),
    toMs: Math.min(question.range.toMs, listing.toMs),
  };
  if (traded.fromMs >= traded.toMs) return { notListed: notListed(question, listing), learned };

  const wide: SeriesOutlook = { series, range: traded, landed, files: monthly, rest: chosen.rest, asOfMs, openMs };
  const daily = archive ? await askDaily(wide, archive) : [];
  const range = question.archiveOnly
    ? upToArchiveEnd(series.interval, traded, [...monthly, ...daily], landed, asOfMs)
    : traded;
  if (range.fromMs >= range.toMs) return { notListed: notArchived(question), learned };
  const outlook = { ...wide, range };
  const offered = [...monthly, ...daily].filter((f) => f.range.fromMs < range.toMs && f.range.toMs > range.fromMs);
  const { files, checks, reads } = await checkRevisions(archiveCheckKey(series), offered, landed, store);
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
  return { planned, chunks, settledMs: listing.settledMs, learned: [...learned, ...kept, ...gridEnd] };
}

/** What has landed; of the answers of open pages those of the page that is open now. */
async function askLanded(store: ObjectStore, series: Series, openMs: number | undefined): Promise<LandedFile[]> {
  const lists = await Promise.all([
    store.list(closedLandingPrefix(series)),
    openMs === undefined ? [] : store.list(openLandingPrefix(series, openMs)),
  ]);
  return lists.flat().flatMap(({ key }) => {
    const id = parseReceiptKey(series, key);
    return id ? { ...id, receiptKey: key } : [];
  });
}

async function askDaily(outlook: SeriesOutlook, archive: ArchiveListing): Promise<ArchiveFile[]> {
  const months = monthsToLookUp(outlook);
  const files = await Promise.all(months.map((m) => archive.dailyFiles(outlook.series, isoTime(m.fromMs).slice(0, 7))));
  return files.flat();
}

function toldFact({ series: { market, symbol }, chosen }: SeriesQuestion): ListingFact {
  return { market, symbol, evidence: 'exchange_info', ...chosen.life };
}

/** The archive's first file is evidence of the beginning, and for a delisted symbol its last is evidence of the end. */
async function archiveFact(
  { series, chosen }: SeriesQuestion,
  monthly: readonly ArchiveFile[],
  archive: ArchiveListing | undefined,
): Promise<ListingFact | undefined> {
  const daily = chosen.delisted || monthly.length === 0 ? ((await archive?.dailyFiles(series)) ?? []) : [];
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
 * How far the grid has come, where neither what landed nor what is planned reaches so far: the ledger goes on to there. A
 * run that has nothing to fetch, but files that were published anew, says nothing, for it is to leave the lake as it is.
 */
function newGridEnd(
  { series, asOfMs }: SeriesQuestion,
  landed: readonly LandedFile[],
  chunks: readonly Chunk[],
): Learned[] {
  const gridEndMs = closedUntil(series.interval, asOfMs);
  const isIdle = landed.length > 0 && chunks.every(({ revision }) => revision);
  if (isIdle || [...landed, ...chunks].some(({ range }) => range.toMs >= gridEndMs)) return [];
  const words = { gridEnd: isoTime(gridEndMs), asOf: isoTime(asOfMs) };
  return [{ key: gridEndKey(series, gridEndMs), bytes: new TextEncoder().encode(`${JSON.stringify(words)}\n`) }];
}

/**
 * Open times of the candles in which the symbol traded, on the grid. The exchange names an instant, and the candle that
 * holds it counts; the archive has only its first file to go by.
 */
function openTimesListed(
  { series: { interval } }: SeriesQuestion,
  known: readonly ListingFact[],
  fact: ListingFact | undefined,
): TimeRange & { readonly settledMs: number } {
  const facts = fact ? [...known, fact] : known;
  const { listedMs, settledMs: saidMs } = listingOf(facts);
  // A symbol that vanished without a word of its end has the archive's.
  const settledMs = Number.isFinite(saidMs) ? saidMs : (fact?.settledMs ?? saidMs);
  const told = facts.some((fact) => fact.evidence === 'exchange_info' && fact.listedMs !== undefined);
  const begin = told ? floorOpenTime : ceilOpenTime;
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
