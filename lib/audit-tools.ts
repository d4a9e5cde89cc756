import { createStaging } from './audit/staging.ts';
import type { ExchangeQuestions, LakeReaders } from './audit/tools.ts';
import { readColumns } from './dataset/read-columns.ts';
import type { ExchangeUrls } from './domain/exchange.ts';
import { fetchChecksum } from './fetch/archive-checksum.ts';
import { fetchChunks } from './fetch/fetch.ts';
import { weightGovernor } from './fetch/weight-governor.ts';
import { archiveListing } from './plan/archive-listing.ts';
import type { ApiKey, Clock, Http } from './ports.ts';
import { decodeCheckpoint } from './refine/checkpoint.ts';
import { decodeLanded } from './refine/decode-shard.ts';
import { distrust } from './refine/distrust.ts';
import { hashCandles } from './refine/hash.ts';
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
  distrust,
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
    listFiles: async (series, source) => {
      const files = await (source === 'archive_monthly' ? listing.monthlyFiles(series) : listing.dailyFiles(series));
      return files.map(({ range, version }) => ({ range, modifiedMs: version?.lastModifiedMs }));
    },
    checksum: (chunk) => fetchChecksum(chunk, world),
    fetch: async (chunk) => {
      const staging = createStaging();
      await fetchChunks({ runId: 'audit', batch: 'sample', chunks: [chunk] }, { ...world, store: staging });
      return staging;
    },
  };
}
