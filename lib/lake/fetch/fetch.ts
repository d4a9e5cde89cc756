import pLimit from 'p-limit';
import { type Chunk, chunkName } from '../../domain/chunk.ts';
import { type Series, seriesName } from '../../domain/series.ts';
import { subtractRanges, type TimeRange } from '../../domain/time-range.ts';
import { type WeightGovernor, weightGovernor } from '../../exchange/binance/weight-governor.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';
import type { ApiKey, Clock, Http, ObjectStore, OnRetry } from '../../ports.ts';
import { closedLandingPrefix, type LandingId, openLandingPrefix, parseReceiptKey, receiptKey } from '../keys.ts';
import { OPEN_FOR_MS, pageOf } from '../landing/open-page.ts';
import { chunkErrors, resultOf, throwFailure } from './batch-outcome.ts';
import type { FetchInput, FetchResult } from './contract.ts';
import { fetchArchiveFile } from './fetch-archive.ts';
import { fetchWindow } from './fetch-window.ts';
import { recordFailures } from './record-failures.ts';
import { hasRevision } from './revision.ts';

export interface FetchWorld {
  readonly store: ObjectStore;
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  /** Sent to REST where given; candles need none. */
  readonly apiKey?: ApiKey | undefined;
  /** One for each process: whoever runs several batches in one process hands the same to all. */
  readonly governor?: WeightGovernor;
  readonly onRetry?: OnRetry | undefined;
}

/** Archive files at once; REST windows go one by one. */
const FILES_AT_ONCE = 4;

/**
 * Lands a batch of chunks; what has landed already costs nothing. A chunk that fails does not stop the others and is
 * written down; at the end one failure is thrown, so that the state machine tries the batch again by the error's name: the first that a pause
 * may mend, or else the first.
 */
export async function fetchChunks(input: FetchInput, world: FetchWorld): Promise<FetchResult> {
  const chunks = input.chunks.map((chunk) => placed(chunk, world.clock.nowMs()));
  const landed = await askLanded(chunks, world.store);
  const governor = world.governor ?? weightGovernor(world.clock);
  const limits = { archive: pLimit(FILES_AT_ONCE), rest: pLimit(1) };
  const outcomes = await Promise.allSettled(
    chunks.map(async (chunk) => {
      const there = landed.get(seriesName(chunk.series)) ?? [];
      if (hasLanded(chunk, there) && (await hasRevision(chunk, there, receiptKey, world.store))) return undefined;
      if (chunk.source !== 'rest') return limits.archive(() => fetchArchiveFile(chunk, world));
      // The page that is open is asked for from its begin, so that one answer contains those before it.
      const windows = chunk.openPageMs === undefined ? restRanges(chunk, there) : [];
      return limits.rest(() => fetchWindow(chunk, windows, { ...world, governor }));
    }),
  );
  const errors = chunkErrors(input.chunks, outcomes);
  await recordFailures(errors, world);
  throwFailure(errors, input.chunks.length, chunkName);
  return resultOf(input.batch, outcomes);
}

/** Removes the open page from a window if that page has ended long ago, for example because the run was stopped. */
function placed(chunk: Chunk, nowMs: number): Chunk {
  const { openPageMs, ...closed } = chunk;
  if (openPageMs === undefined) return chunk;
  return nowMs < pageOf(chunk.series.interval, openPageMs)!.toMs + OPEN_FOR_MS ? chunk : closed;
}

/** What has landed, by series name; of the answers of open pages those of the pages that the chunks ask for. */
async function askLanded(chunks: readonly Chunk[], store: ObjectStore): Promise<Map<string, LandingId[]>> {
  const prefixes = new Map<string, { readonly series: Series; readonly prefixes: Set<string> }>();
  for (const { series, openPageMs } of chunks) {
    const name = seriesName(series);
    const own = prefixes.get(name) ?? { series, prefixes: new Set([closedLandingPrefix(series)]) };
    if (openPageMs !== undefined) own.prefixes.add(openLandingPrefix(series, openPageMs));
    prefixes.set(name, own);
  }
  const limit = pLimit(FILES_AT_ONCE);
  const entries = await Promise.all(
    [...prefixes].map(([name, own]) =>
      limit(async (): Promise<[string, LandingId[]]> => {
        const lists = await Promise.all([...own.prefixes].map((prefix) => store.list(prefix)));
        return [name, lists.flat().flatMap((object) => parseReceiptKey(own.series, object.key) ?? [])];
      }),
    ),
  );
  return new Map(entries);
}

function hasLanded(chunk: Chunk, there: readonly LandingId[]): boolean {
  if (chunk.source === 'rest') return subtractRanges(chunk.range, restRanges(chunk, there)).length === 0;
  return there.some(({ source, range }) => source === chunk.source && range.fromMs === chunk.range.fromMs);
}

/** Ranges of the answers of REST that count for a window: those of an open page count for that page alone. */
function restRanges({ openPageMs }: Chunk, there: readonly LandingId[]): TimeRange[] {
  return there
    .filter((id) => id.source === 'rest' && (id.openPageMs === undefined || id.openPageMs === openPageMs))
    .map(({ range }) => range);
}
