import type { ArchiveSource, ExchangeQuestions, LakeReaders } from './audit/tools.ts';
import { listDatasetIds, readRecord } from './dataset/dataset-record.ts';
import { readColumns } from './dataset/read-columns.ts';
import { archivePath } from './domain/archive.ts';
import type { Chunk } from './domain/chunk.ts';
import type { ExchangeUrls } from './domain/exchange.ts';
import type { StreamChunk } from './domain/stream.ts';
import { streamArchivePath, streamFilePrefix } from './domain/stream-archive.ts';
import { fetchChecksum } from './fetch/archive-checksum.ts';
import { fetchChunks } from './fetch/fetch.ts';
import { fetchStreams } from './fetch/fetch-streams.ts';
import { weightGovernor } from './fetch/weight-governor.ts';
import { memoryStore } from './memory-store.ts';
import { archiveListing } from './plan/archive-listing.ts';
import type { ApiKey, Clock, Http } from './ports.ts';
import { decodeCheckpoint } from './refine/checkpoint.ts';
import { decodeLanded } from './refine/decode-shard.ts';
import { distrust } from './refine/distrust.ts';
import { hashCandles } from './refine/hash-candles.ts';
import { remakeStreamShard } from './refine/streams/make-stream-shard.ts';
import { distrustStream } from './refine/streams/stream-manifest.ts';
import { readVersion } from './refine/version-record.ts';
import { remakeTable } from './versions/remake-table.ts';

/** What the audit borrows of the other stages, so that it judges by what they do and not by a copy of it. */
export const LAKE_READERS: LakeReaders = {
  decode: decodeLanded,
  hashCandles,
  readCheckpoint: decodeCheckpoint,
  readColumns,
  readVersion,
  remakeTable,
  listDatasetIds,
  readDataset: readRecord,
  distrust,
  distrustStream,
  remakeStreamShard,
};

export interface AskingWorld {
  readonly http: Http;
  readonly clock: Clock;
  readonly urls: ExchangeUrls;
  readonly apiKey?: ApiKey | undefined;
}

/** The exchange as plan and fetch ask it, under one governor: made once a process. */
export function exchangeQuestions(asking: AskingWorld): ExchangeQuestions {
  const world = { ...asking, governor: weightGovernor(asking.clock) };
  const listing = archiveListing(world.urls.archiveListing, world);
  return {
    listFiles: async (of, source) => {
      const files = await ('name' in of
        ? listing.files(streamFilePrefix(of, source), source, '')
        : source === 'archive_monthly'
          ? listing.monthlyFiles(of)
          : listing.dailyFiles(of));
      return files.map(({ range, version }) => ({ range, modifiedMs: version?.lastModifiedMs }));
    },
    checksum: (chunk) => fetchChecksum(pathOf(chunk), world),
    fetch: async (chunk) => {
      const staging = memoryStore();
      const fetching = { ...world, store: staging };
      const batch = { runId: 'audit', batch: 'sample' };
      await ('stream' in chunk
        ? fetchStreams({ ...batch, streamChunks: [chunk] }, fetching)
        : fetchChunks({ ...batch, chunks: [chunk] }, fetching));
      return staging;
    },
  };
}

function pathOf(chunk: Chunk | StreamChunk): string {
  const source = chunk.source as ArchiveSource;
  return 'stream' in chunk
    ? streamArchivePath(chunk.stream, source, chunk.range)
    : archivePath(chunk.series, source, chunk.range);
}
