import type { StreamChunk } from '../../domain/chunk.ts';
import { closedUntil } from '../../domain/closed.ts';
import { ceilOpenTime, floorOpenTime, nextOpenTime } from '../../domain/interval.ts';
import type { Market } from '../../domain/market.ts';
import type { Stream } from '../../domain/stream.ts';
import { STREAM_NAMES, STREAM_TABLE } from '../../domain/stream-table.ts';
import { gridOf, isOfSeries, isOfSnapshots, SNAPSHOT_EVERY_MS } from '../../domain/subject-times.ts';
import { sumOf } from '../../domain/sum-of.ts';
import { isoTime, type TimeRange } from '../../domain/time-range.ts';
import type { ArchiveFile } from '../../exchange/archive-file.ts';
import type { ArchiveListing } from '../../exchange/venue.ts';
import { venueOf } from '../../exchange/venues.ts';
import type { ObjectStore } from '../../ports.ts';
import { inParallel } from '../in-parallel.ts';
import { archiveCheckKey } from '../keys.ts';
import { isLanded, listLanded } from '../landing/landed-chunks.ts';
import { pageOf } from '../landing/open-page.ts';
import { upToArchiveEnd } from './archive-end.ts';
import type { PlannedSeries, PlannedStream, StreamPlan } from './contract.ts';
import { planChunks } from './plan-chunks.ts';
import type { Learned, PlannedSeriesAnswer } from './plan-series.ts';
import { findRevised, listLandedFiles } from './revised-files.ts';

/** REST has all rows only after some time: funding of an hour, open interest of five minutes. */
const SETTLING_MS = 10 * 60_000;
/** Streams planned at once. */
const AT_ONCE = 32;

interface StreamsQuestion {
  readonly market: Market;
  /** The series whose streams are wanted. */
  readonly series: readonly Omit<PlannedSeriesAnswer, 'chunks'>[];
  /** Instants before this one are wanted. */
  readonly toMs: number;
  readonly asOfMs: number;
  /** True if nothing after the archive's newest file is wanted. */
  readonly archiveOnly: boolean;
}

interface StreamsWorld {
  readonly store: ObjectStore;
  /** Undefined if the archive does not answer. */
  readonly archive: ArchiveListing | undefined;
  /** True if REST answers. */
  readonly rest: boolean;
}

/** The plan of the streams, and the checks of files to keep for the next run. */
interface PlannedStreams {
  readonly plan: StreamPlan;
  readonly learned: readonly Learned[];
}

/**
 * Plans the streams as candles are planned: the archive first, then REST. Nothing is requested twice unless the archive
 * has republished it. Writes nothing.
 */
export async function planStreams(question: StreamsQuestion, world: StreamsWorld): Promise<PlannedStreams> {
  const { market } = question;
  const ofMarket = STREAM_NAMES.map((name): Stream => ({ name, market })).filter(isOfSnapshots);
  const snapshots = await Promise.all(
    world.rest ? ofMarket.map((stream) => planSnapshot(stream, question, world.store)) : [],
  );
  const wanted = question.series.flatMap(({ planned, rest, settledMs }) =>
    streamsOf(planned).map((stream) => ({ stream, question: { ...question, range: planned.range, rest, settledMs } })),
  );
  const plan = (one: (typeof wanted)[number]) => planStream(one.stream, one.question, world);
  const answers = [...snapshots, ...(await inParallel(wanted, plan, AT_ONCE))];
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

/** Returns the streams of a symbol. Only those of a series have an interval. */
function streamsOf({ series: { market, symbol, interval } }: PlannedSeries): Stream[] {
  const names = venueOf(market).streamsOf(market, symbol);
  return names.map((name) => ({ name, market, symbol, ...(STREAM_TABLE[name].of === 'series' && { interval }) }));
}

/** Plans a snapshot of exchangeInfo and fundingInfo unless the last one is recent. A later run cannot request it. */
async function planSnapshot(stream: Stream, { asOfMs }: StreamsQuestion, store: ObjectStore): Promise<StreamAnswer> {
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

interface SymbolQuestion extends StreamsQuestion, Pick<PlannedSeriesAnswer, 'rest' | 'settledMs'> {
  /** Open times wanted of the candles. */
  readonly range: TimeRange;
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
  const landed = await listLandedFiles(store, stream, openMs);
  const listed = archive && wanted.fromMs < wanted.toMs ? await listFiles(stream, wanted, archive) : [];
  const filesOnly = question.archiveOnly || venueOf(stream.market).restKeptMs(stream) === 0;
  const range = filesOnly ? upToArchiveEnd(grid, wanted, listed, landed, asOfMs) : wanted;
  const offered = listed.filter((file) => file.range.fromMs < range.toMs && file.range.toMs > range.fromMs);
  const checkKey = archiveCheckKey(stream);
  const { files, checks, reads } = await findRevised(checkKey, offered, landed, store);
  const series = { market: stream.market, symbol: stream.symbol!, interval: grid };
  const restFromMs = restBegin(stream, asOfMs);
  const parts = [
    { range: { fromMs: range.fromMs, toMs: Math.min(range.toMs, restFromMs) }, rest: false },
    { range: { fromMs: Math.max(range.fromMs, restFromMs), toMs: range.toMs }, rest: rest && question.rest },
  ].filter((part) => part.range.fromMs < part.range.toMs);
  const plans = parts.map((part) => planChunks({ series, landed, files, asOfMs, openMs, ...part }));
  // A file may contain the instant from which REST has rows.
  const chunks = new Map(plans.flatMap((plan) => plan.chunks).map((c) => [`${c.source} ${c.range.fromMs}`, c]));
  const landedChunks = sumOf(plans, (plan) => plan.landedChunks);
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

/** Returns the first time of the grid of which REST has rows. */
function restBegin(stream: Stream, asOfMs: number): number {
  const keptMs = venueOf(stream.market).restKeptMs(stream);
  return Number.isFinite(keptMs) ? ceilOpenTime(gridOf(stream), asOfMs - keptMs) : 0;
}

/** Returns the time until which REST has all rows. */
function settledUntil(stream: Stream, asOfMs: number): number {
  const grid = gridOf(stream);
  return isOfSeries(stream) ? closedUntil(grid, asOfMs) : floorOpenTime(grid, asOfMs - SETTLING_MS);
}

/** Returns the wanted range: rows that have settled by now, and none after the symbol's end. */
function wantedOf(stream: Stream, question: SymbolQuestion): TimeRange {
  if (isOfSeries(stream)) return question.range;
  const { range, toMs, asOfMs } = question;
  const grid = gridOf(stream);
  return {
    fromMs: floorOpenTime(grid, range.fromMs),
    toMs: Math.min(ceilOpenTime(grid, toMs), settledUntil(stream, asOfMs), endOf(stream, question)),
  };
}

/** Returns the end of the symbol's life on the stream's grid. REST may have funding that is due at the end. */
function endOf(stream: Stream, { settledMs, rest }: SymbolQuestion): number {
  if (!Number.isFinite(settledMs)) return settledMs;
  const grid = gridOf(stream);
  const endMs = ceilOpenTime(grid, settledMs);
  return STREAM_TABLE[stream.name].hasRowAtEnd && rest ? nextOpenTime(grid, endMs) : endMs;
}

/** Lists the files that may be wanted. Listings begin after a name, and names are dates, so few requests suffice. */
async function listFiles(stream: Stream, range: TimeRange, archive: ArchiveListing): Promise<ArchiveFile[]> {
  const lists = await Promise.all(
    venueOf(stream.market)
      .archiveSources(stream)
      .map((source) => archive.files(stream, source, { sinceMonth: isoTime(range.fromMs).slice(0, 7) })),
  );
  return lists.flat();
}
