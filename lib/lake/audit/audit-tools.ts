import { listDatasetIds, readRecord } from '../../dataset/dataset-record.ts';
import type { Chunk, StreamChunk } from '../../domain/chunk.ts';
import { fetchChecksum } from '../../exchange/binance/archive-checksum.ts';
import { archiveListing } from '../../exchange/binance/archive-listing.ts';
import { archivePath } from '../../exchange/binance/archive-path.ts';
import { streamArchivePath, streamFilePrefix } from '../../exchange/binance/stream-archive-path.ts';
import { weightGovernor } from '../../exchange/binance/weight-governor.ts';
import type { ExchangeUrls } from '../../exchange/exchange-urls.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import type { ApiKey, Clock, Http } from '../../ports.ts';
import { remakeTable } from '../as-of/remake-table.ts';
import { fetchChunks } from '../fetch/fetch.ts';
import { fetchStreams } from '../fetch/fetch-streams.ts';
import { decodeLanded } from '../landing/decode-shard.ts';
import { distrust } from '../manifest/distrust.ts';
import { hashCandles } from '../manifest/hash-candles.ts';
import { distrustStream } from '../manifest/stream-manifest.ts';
import { memoryStore } from '../memory-store.ts';
import { decodeCheckpoint } from '../refine/checkpoint.ts';
import { remakeStreamShard } from '../refine/streams/make-stream-shard.ts';
import { readVersion } from '../versions/version-record.ts';
import type { ArchiveSource, ExchangeQuestions, LakeReaders } from './tools.ts';

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
