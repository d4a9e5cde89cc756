import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The series of the benchmarks, at any interval. */
export const BENCH_SERIES = { market: 'um', symbol: 'BTCUSDT' } as const;

/** Removes everything that refine makes in a folder lake. */
export async function clearLake(folder: string): Promise<void> {
  for (const name of ['candles', 'features', 'labels', 'gaps', 'checkpoints', 'manifests', 'versions', 'runs'])
    await rm(join(folder, name), { recursive: true, force: true });
}
