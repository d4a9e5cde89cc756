import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';
import { isStream, type Subject } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import { fetchChecksum } from '../../exchange/binance/archive-checksum.ts';
import { archiveListing } from '../../exchange/binance/archive-listing.ts';
import { archivePath } from '../../exchange/binance/archive-path.ts';
import { streamArchivePath, streamFilePrefix } from '../../exchange/binance/stream-archive-path.ts';
import { weightGovernor } from '../../exchange/binance/weight-governor.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';
import type { ApiKey, Clock, Http } from '../../ports.ts';
import { fetchChunks } from '../fetch/fetch.ts';
import { fetchStreams } from '../fetch/fetch-streams.ts';
import { type MemoryStore, memoryStore } from '../memory-store.ts';

type ArchiveSource = 'archive_monthly' | 'archive_daily';

/** One of the two servers of the exchange. */
type Half = 'archive' | 'REST';

/** A file in the listing of the archive. */
interface ListedFile {
  readonly range: TimeRange;
  /** Time of its last upload in epoch milliseconds; undefined if the listing does not have it. */
  readonly modifiedMs: number | undefined;
}

/** The requests of an audit. Each throws ExchangeBusy or ExchangeRefused if the exchange is out of reach. */
export interface ExchangeRequests {
  /** Lists the monthly or daily archive files of a series or stream. */
  listFiles(subject: Subject, source: ArchiveSource): Promise<readonly ListedFile[]>;
  /** Reads the `.CHECKSUM` beside an archive file. @throws NotPublished if the file has no checksum */
  checksum(chunk: Chunk | StreamChunk): Promise<string>;
  /**
   * Fetches the objects that the fetch stage would land, into a store in memory.
   * @throws NotPublished, CorruptObject
   */
  fetch(chunk: Chunk | StreamChunk): Promise<MemoryStore>;
}

/** The same requests. Each returns undefined if its half of the exchange is out of reach. Other errors pass. */
export type AuditExchange = {
  readonly [Name in keyof ExchangeRequests]: (
    ...args: Parameters<ExchangeRequests[Name]>
  ) => Promise<Awaited<ReturnType<ExchangeRequests[Name]>> | undefined>;
} & {
  isOut(half: Half): boolean;
  /** Returns one line per half that is out of reach. */
  notices(): string[];
};

/** The connection that requests are sent through. */
interface ExchangeAccess {
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  readonly apiKey?: ApiKey | undefined;
}

/** Makes the requests of an audit, as plan and fetch send them, under one governor. It is made once per process. */
export function exchangeRequests(access: ExchangeAccess): ExchangeRequests {
  const context = { ...access, governor: weightGovernor(access.clock) };
  const listing = archiveListing(context.urls.archiveListing, context);
  return {
    listFiles: async (subject, source) => {
      const files = await (isStream(subject)
        ? listing.files(streamFilePrefix(subject, source), source, '')
        : source === 'archive_monthly'
          ? listing.monthlyFiles(subject)
          : listing.dailyFiles(subject));
      return files.map(({ range, version }) => ({ range, modifiedMs: version?.lastModifiedMs }));
    },
    checksum: (chunk) => fetchChecksum(pathOf(chunk), context),
    fetch: async (chunk) => {
      const store = memoryStore();
      const batch = { runId: 'audit', batch: 'sample' };
      await ('stream' in chunk
        ? fetchStreams({ ...batch, streamChunks: [chunk] }, { ...context, store })
        : fetchChunks({ ...batch, chunks: [chunk] }, { ...context, store }));
      return store;
    },
  };
}

function pathOf(chunk: Chunk | StreamChunk): string {
  const source = chunk.source as ArchiveSource;
  return 'stream' in chunk
    ? streamArchivePath(chunk.stream, source, chunk.range)
    : archivePath(chunk.series, source, chunk.range);
}

/**
 * Makes the exchange of an audit. After a half of the exchange was out of reach once, no more requests are sent to it.
 * @param offline why no request is sent at all, or undefined
 */
export function auditExchange(requests: ExchangeRequests, offline?: string): AuditExchange {
  const out = new Map<Half, string>();
  if (offline !== undefined) for (const half of ['archive', 'REST'] as const) out.set(half, offline);
  const ask = async <T>(half: Half, request: () => Promise<T>): Promise<T | undefined> => {
    if (out.has(half)) return undefined;
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ExchangeBusy || error instanceof ExchangeRefused)) throw error;
      out.set(half, `${half} is out of reach (${error.message}); what it would be compared with is left out`);
      return undefined;
    }
  };
  return {
    listFiles: (subject, source) => ask('archive', () => requests.listFiles(subject, source)),
    checksum: (chunk) => ask('archive', () => requests.checksum(chunk)),
    fetch: (chunk) => ask(chunk.source === 'rest' ? 'REST' : 'archive', () => requests.fetch(chunk)),
    isOut: (half) => out.has(half),
    notices: () => [...new Set(out.values())],
  };
}
