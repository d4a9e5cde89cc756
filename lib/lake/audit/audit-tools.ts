import { listDatasetIds, readRecord } from '../../dataset/dataset-record.ts';
import { type Subject, subjectOf } from '../../domain/subject.ts';
import type { ExchangeAccess } from '../../exchange/access.ts';
import { venueOf } from '../../exchange/venues.ts';
import { readColumns } from '../../parquet/read-columns.ts';
import { remakeTable } from '../as-of/remake-table.ts';
import { fetchBatch } from '../fetch/fetch-batch.ts';
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

/** The exchange, asked in the way of plan and fetch. */
export function exchangeQuestions(access: ExchangeAccess): ExchangeQuestions {
  return {
    listFiles: async (of, source) => {
      const files = await venueOf(of.market).archiveListing(access).files(of, source);
      return files.map(({ range, version }) => ({ range, modifiedMs: version?.lastModifiedMs }));
    },
    checksum: (chunk) => {
      const subject = subjectOf<Subject>(chunk);
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
