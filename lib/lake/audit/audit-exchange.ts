import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { ExchangeBusy, ExchangeRefused } from '../../domain/errors.ts';
import { type Subject, subjectOf } from '../../domain/subject.ts';
import type { TimeRange } from '../../domain/time-range.ts';
import type { ExchangeAccess } from '../../exchange/access.ts';
import type { ArchiveSource } from '../../exchange/archive-file.ts';
import { venueOf } from '../../exchange/venues.ts';
import { fetchBatch } from '../fetch/fetch-batch.ts';
import { type MemoryStore, memoryStore } from '../memory-store.ts';

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

/** Makes the requests of an audit, in the way in which plan and fetch send them. */
export function exchangeRequests(access: ExchangeAccess): ExchangeRequests {
  return {
    listFiles: async (subject, source) => {
      const files = await venueOf(subject.market).archiveListing(access).files(subject, source);
      return files.map(({ range, version }) => ({ range, modifiedMs: version?.lastModifiedMs }));
    },
    checksum: (chunk) => {
      const subject = subjectOf(chunk);
      const venue = venueOf(subject.market);
      const path = venue.archivePath(subject, chunk.source as ArchiveSource, chunk.range);
      return venue.getChecksum(subject.market, path, access);
    },
    fetch: async (chunk) => {
      const store = memoryStore();
      const batch = { runId: 'audit', batch: 'sample' };
      const input = 'stream' in chunk ? { ...batch, streamChunks: [chunk] } : { ...batch, chunks: [chunk] };
      await fetchBatch(input, { ...access, store });
      return store;
    },
  };
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
