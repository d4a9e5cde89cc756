import pLimit from 'p-limit';
import { type Chunk, chunkName } from '../domain/chunk.ts';
import type { ExchangeUrls } from '../domain/exchange.ts';
import { type LandingId, landingPrefix, parseReceiptKey, receiptKey } from '../domain/keys.ts';
import { type Series, seriesName } from '../domain/series.ts';
import { subtractRanges } from '../domain/time-range.ts';
import type { ApiKey, Clock, Http, ObjectStore, OnRetry } from '../ports.ts';
import { chunkErrors, resultOf, throwFailure } from './batch-outcome.ts';
import type { FetchInput, FetchResult } from './contract.ts';
import { fetchArchiveFile } from './fetch-archive.ts';
import { fetchWindow } from './fetch-window.ts';
import { recordFailures } from './record-failures.ts';
import { hasRevision } from './revision.ts';
import { type WeightGovernor, weightGovernor } from './weight-governor.ts';

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
  const landed = await askLanded(input.chunks, world.store);
  const governor = world.governor ?? weightGovernor(world.clock);
  const limits = { archive: pLimit(FILES_AT_ONCE), rest: pLimit(1) };
  const outcomes = await Promise.allSettled(
    input.chunks.map(async (chunk) => {
      const there = landed.get(seriesName(chunk.series)) ?? [];
      if (hasLanded(chunk, there) && (await hasRevision(chunk, there, receiptKey, world.store))) return undefined;
      if (chunk.source !== 'rest') return limits.archive(() => fetchArchiveFile(chunk, world));
      const windows = there.filter((id) => id.source === 'rest').map((id) => id.range);
      return limits.rest(() => fetchWindow(chunk, windows, { ...world, governor }));
    }),
  );
  const errors = chunkErrors(input.chunks, outcomes);
  await recordFailures(errors, world);
  throwFailure(errors, input.chunks.length, chunkName);
  return resultOf(input.batch, outcomes);
}

/** What has landed, by series name. */
async function askLanded(chunks: readonly Chunk[], store: ObjectStore): Promise<Map<string, LandingId[]>> {
  const series = new Map<string, Series>(chunks.map((chunk) => [seriesName(chunk.series), chunk.series]));
  const limit = pLimit(FILES_AT_ONCE);
  const entries = await Promise.all(
    [...series].map(([name, own]) =>
      limit(async (): Promise<[string, LandingId[]]> => {
        const objects = await store.list(landingPrefix(own));
        return [name, objects.flatMap((object) => parseReceiptKey(own, object.key) ?? [])];
      }),
    ),
  );
  return new Map(entries);
}

function hasLanded(chunk: Chunk, there: readonly LandingId[]): boolean {
  const same = there.filter((id) => id.source === chunk.source).map((id) => id.range);
  if (chunk.source !== 'rest') return same.some((range) => range.fromMs === chunk.range.fromMs);
  return subtractRanges(chunk.range, same).length === 0;
}
