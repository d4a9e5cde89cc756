import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../lib/adapters/local/folder-object-store.ts';
import type { Source } from '../lib/domain/chunk.ts';
import type { Series } from '../lib/domain/series.ts';
import { sha256 } from '../lib/domain/sha256.ts';
import { DAY_MS } from '../lib/domain/time-range.ts';
import { type LandingId, landingKey, receiptKey } from '../lib/lake/keys.ts';
import type { Receipt } from '../lib/lake/landing/receipt.ts';
import type { ObjectStore } from '../lib/ports.ts';
import { BENCH_SERIES, clearLake } from './bench-series.ts';
import { type ArchiveZip, archiveZips, type Input } from './corpus.ts';

/** A folder lake in which an input has landed and nothing has been refined. */
export interface BenchLake {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly series: Series;
  readonly landed: readonly LandingId[];
  /** Removes everything that refine makes. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

export async function landedLake(input: Input): Promise<BenchLake> {
  const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
  const store = folderObjectStore(folder);
  const series: Series = { ...BENCH_SERIES, interval: input.interval };
  const landed = await land(store, series, 'archive_monthly', await archiveZips(input));
  return {
    folder,
    store,
    series,
    landed,
    clear: () => clearLake(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lands archive files with their receipts. */
export async function land(
  store: ObjectStore,
  series: Series,
  source: Source,
  zips: readonly ArchiveZip[],
): Promise<LandingId[]> {
  const landed: LandingId[] = [];
  for (const { name, bytes, range } of zips) {
    const id: LandingId = { series, source, range, sha256: sha256(bytes) };
    const fetchedAtMs = range.toMs + DAY_MS;
    const receipt: Receipt = {
      ...id,
      url: `https://archive.invalid/${name}`,
      fetchedAtMs,
      asOfMs: fetchedAtMs,
      sizeBytes: bytes.length,
    };
    await store.put(landingKey(id), bytes);
    await store.put(receiptKey(id), Buffer.from(JSON.stringify(receipt)));
    landed.push(id);
  }
  return landed;
}
