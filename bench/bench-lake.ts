import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../lib/adapters/local/folder-object-store.ts';
import type { Series } from '../lib/domain/series.ts';
import { sha256 } from '../lib/domain/sha256.ts';
import { type LandingId, landingKey, receiptKey } from '../lib/lake/keys.ts';
import type { Receipt } from '../lib/lake/landing/receipt.ts';
import type { ObjectStore } from '../lib/ports.ts';
import { archiveZips, type Input } from './corpus.ts';

/** A folder lake in which an input has landed and nothing has been refined. */
export interface BenchLake {
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
  const series: Series = { market: 'um', symbol: 'BTCUSDT', interval: input.interval };
  const landed: LandingId[] = [];
  for (const { name, bytes, range } of await archiveZips(input)) {
    const id: LandingId = { series, source: 'archive_monthly', range, sha256: sha256(bytes) };
    const fetchedAtMs = range.toMs + 86_400_000;
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
  const drop = (name: string) => rm(join(folder, name), { recursive: true, force: true });
  return {
    store,
    series,
    landed,
    async clear() {
      for (const name of ['candles', 'features', 'labels', 'gaps', 'checkpoints', 'manifests', 'runs'])
        await drop(name);
    },
    remove: () => drop('.'),
  };
}
