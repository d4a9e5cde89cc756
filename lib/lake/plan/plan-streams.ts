import pLimit from 'p-limit';
import type { StreamChunk } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Stream } from '../../domain/stream.ts';
import { STREAM_TABLE } from '../../domain/stream-table.ts';
import { gridOf, SNAPSHOT_EVERY_MS } from '../../domain/subject-times.ts';
import { DAY_MS, isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import type { ArchiveListing } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { ObjectStore } from '../../ports.ts';
import { archiveCheckKey, closedLandingPrefix, openLandingPrefix, parseReceiptKey } from '../keys.ts';
import { isLanded, listLanded } from '../landing/landed-chunks.ts';
import { pageOf } from '../landing/open-page.ts';
import { upToArchiveEnd } from './archive-end.ts';
import type { PlannedSeries, PlannedStream, StreamPlan } from './contract.ts';
import { planChunks } from './plan-chunks.ts';
import type { Learned } from './plan-series.ts';
import { findRevised, type LandedFile } from './revised-files.ts';

/** What REST answers is complete only some time after: funding of an hour, open interest of five minutes. */
const SETTLING_MS = 10 * 60_000;
/** REST keeps 30 days of open interest; an hour of them may be gone by the time that it is asked. */
const OPEN_INTEREST_KEPT_MS = 30 * DAY_MS - 3_600_000;
/** Streams planned at once. */
const AT_ONCE = 32;

export interface SeriesOfStreams {
  readonly planned: PlannedSeries;
  /** Whether REST knows the symbol. */
  readonly rest: boolean;
  /** Instant of the settlement; infinity where it trades on, or nothing tells. */
  readonly settledMs: number;
}

export interface StreamsQuestion {
  readonly market: Market;
  /** The series whose streams are wanted. */
  readonly series: readonly SeriesOfStreams[];
  /** Instants before this one are wanted. */
  readonly toMs: number;
  readonly asOfMs: number;
  /** True if nothing is wanted behind the archive's newest file. */
  readonly archiveOnly: boolean;
}

export interface StreamsWorld {
  readonly store: ObjectStore;
  /** Undefined where it is out of reach. */
  readonly archive: ArchiveListing | undefined;
  /** True where REST is in reach. */
  readonly rest: boolean;
}

/** The plan of the streams, and which files were found to be as they landed. */
export interface PlannedStreams {
  readonly plan: StreamPlan;
  readonly learned: readonly Learned[];
}

/**
 * Plans everything that is collected beside the candles, as candles are: archive first, REST for the rest, nothing twice but
 * what the archive has published anew. Writes nothing.
 */
export async function planStreams(question: StreamsQuestion, world: StreamsWorld): Promise<PlannedStreams> {
  const limit = pLimit(AT_ONCE);
  const snapshot = world.rest ? [await planSnapshot(question, world.store)] : [];
  const ofSymbols = question.series.flatMap((one) =>
    streamsOf(one.planned).map((stream) =>
      limit(() => {
        const { planned, rest, settledMs } = one;
        return planStream(stream, { ...question, range: planned.range, rest, settledMs }, world);
      }),
    ),
  );
  const answers = [...snapshot, ...(await Promise.all(ofSymbols))];
  return {
    plan: { streams: answers.map((a) => a.planned), chunks: answers.flatMap((a) => a.chunks) },
    learned: answers.flatMap((a) => a.learned),
  };
}

interface StreamAnswer {
  readonly planned: PlannedStream;
  readonly chunks: readonly StreamChunk[];
  readonly learned: readonly Learned[];
}

/** Returns the streams of a symbol. Only mark candles have an interval. */
function streamsOf({ series: { market, symbol, interval } }: PlannedSeries): Stream[] {
  const names = venueOf(market).streamsOf(market, symbol);
  return names.map((name) => ({ name, market, symbol, ...(name === 'mark_candles' && { interval }) }));
}

/** What exchangeInfo and fundingInfo say now: it can be asked only now, and an hour makes it old. */
async function planSnapshot({ market, asOfMs }: StreamsQuestion, store: ObjectStore): Promise<StreamAnswer> {
  const stream: Stream = { name: 'instruments', market };
  const range = { fromMs: asOfMs - SNAPSHOT_EVERY_MS, toMs: asOfMs };
  const chunk: StreamChunk = { stream, source: 'rest', range, asOfMs, sizeBytes: SNAPSHOT_BYTES };
  const recent = await isLanded(chunk, (await listLanded([chunk], store))(chunk), store);
  return {
    planned: { stream, range, wantedChunks: 1, landedChunks: recent ? 1 : 0, outOfReach: [], lakeReads: 0 },
    chunks: recent ? [] : [chunk],
    learned: [],
  };
}

/** exchangeInfo of 820 symbols and fundingInfo as recorded in July 2026, one line each. */
const SNAPSHOT_BYTES = 1_200_000;

interface SymbolQuestion extends StreamsQuestion {
  /** Open times wanted of the candles. */
  readonly range: TimeRange;
  /** Whether REST knows the symbol. */
  readonly rest: boolean;
  readonly settledMs: number;
}

async function planStream(
  stream: Stream,
  question: SymbolQuestion,
  { store, archive, rest }: StreamsWorld,
): Promise<StreamAnswer> {
  const { asOfMs } = question;
  const grid = gridOf(stream);
  const wanted = wantedOf(stream, question);
  const openMs = pageOf(stream, settledUntil(stream, asOfMs))?.fromMs;
  const landed = await listLandedFiles(stream, openMs, store);
  const listed = archive && wanted.fromMs < wanted.toMs ? await listFiles(stream, wanted, archive) : [];
  const range = question.archiveOnly ? upToArchiveEnd(grid, wanted, listed, landed, asOfMs) : wanted;
  const offered = listed.filter((file) => file.range.fromMs < range.toMs && file.range.toMs > range.fromMs);
  const checkKey = archiveCheckKey(stream);
  const { files, checks, reads } = await findRevised(checkKey, offered, landed, store);
  const series = { market: stream.market, symbol: stream.symbol!, interval: grid };
  const keptMs = stream.name === 'open_interest' ? ceilOpenTime(grid, asOfMs - OPEN_INTEREST_KEPT_MS) : 0;
  const parts = [
    { range: { fromMs: range.fromMs, toMs: Math.min(range.toMs, keptMs) }, rest: false },
    { range: { fromMs: Math.max(range.fromMs, keptMs), toMs: range.toMs }, rest: rest && question.rest },
  ].filter((part) => part.range.fromMs < part.range.toMs);
  const plans = parts.map((part) => planChunks({ series, landed, files, asOfMs, openMs, ...part }));
  // A file may lie across the instant from which REST knows.
  const chunks = new Map(plans.flatMap((plan) => plan.chunks).map((c) => [`${c.source} ${c.range.fromMs}`, c]));
  const landedChunks = plans.reduce((sum, plan) => sum + plan.landedChunks, 0);
  return {
    planned: {
      stream,
      range,
      wantedChunks: chunks.size + landedChunks,
      landedChunks,
      outOfReach: plans.flatMap((plan) => plan.outOfReach),
      lakeReads: reads,
    },
    chunks: [...chunks.values()].map(({ series: _, ...chunk }) => ({ stream, ...chunk })),
    learned: checks ? [{ key: checkKey, bytes: checks }] : [],
  };
}

/** Lists what has landed. Of the answers of open pages, only those of the page that is open now are listed. */
async function listLandedFiles(stream: Stream, openMs: number | undefined, store: ObjectStore): Promise<LandedFile[]> {
  const lists = await Promise.all([
    store.list(closedLandingPrefix(stream)),
    openMs === undefined ? [] : store.list(openLandingPrefix(stream, openMs)),
  ]);
  return lists.flat().flatMap(({ key }) => {
    const id = parseReceiptKey(stream, key);
    return id ? { ...id, receiptKey: key } : [];
  });
}

/** Returns true for a stream that has rows at the open times of a series. It is wanted as the candles are. */
function followsSeries({ name }: Stream): boolean {
  return STREAM_TABLE[name].of === 'series';
}

/** Returns the time until which REST has all rows. */
function settledUntil(stream: Stream, asOfMs: number): number {
  const grid = gridOf(stream);
  return followsSeries(stream) ? closedUntil(grid, asOfMs) : floorOpenTime(grid, asOfMs - SETTLING_MS);
}

/** Returns the range that is wanted: rows that have settled by now, and none behind the symbol's end. */
function wantedOf(stream: Stream, question: SymbolQuestion): TimeRange {
  if (followsSeries(stream)) return question.range;
  const { range, toMs, asOfMs } = question;
  const grid = gridOf(stream);
  return {
    fromMs: floorOpenTime(grid, range.fromMs),
    toMs: Math.min(ceilOpenTime(grid, toMs), settledUntil(stream, asOfMs), endOf(stream, question)),
  };
}

/** Returns the end of the symbol's life on the stream's grid. The funding that is due then is paid, and REST may have it. */
function endOf(stream: Stream, { settledMs, rest }: SymbolQuestion): number {
  if (!Number.isFinite(settledMs)) return settledMs;
  const grid = gridOf(stream);
  const endMs = ceilOpenTime(grid, settledMs);
  return STREAM_TABLE[stream.name].hasRowAtEnd && rest ? nextOpenTime(grid, endMs) : endMs;
}

/** The files that may be wanted, in a request or two: listings begin behind a name, and names are dates. */
async function listFiles(stream: Stream, range: TimeRange, archive: ArchiveListing): Promise<ArchiveFile[]> {
  const lists = await Promise.all(
    venueOf(stream.market)
      .archiveSources(stream)
      .map((source) => archive.files(stream, source, { sinceMonth: isoTime(range.fromMs).slice(0, 7) })),
  );
  return lists.flat();
}
