import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjectStore } from '../lib/adapters/local/folder-object-store.ts';
import type { Series } from '../lib/domain/series.ts';
import { DAY_MS } from '../lib/domain/time-range.ts';
import { refine } from '../lib/lake/refine/refine.ts';
import { land } from './bench-lake.ts';
import type { Task } from './contestant.ts';
import { archiveZips } from './corpus.ts';

const HALF_YEAR = { fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2024, 6, 1) };
const NEXT_DAY = { fromMs: HALF_YEAR.toMs, toMs: HALF_YEAR.toMs + DAY_MS };

/**
 * One series of a market, of 15m, that has half a year in the lake: another day has landed, and refine takes it in.
 * Half a year is the mean, because the shard of 15m is a year. Each run has a series of its own.
 */
export async function oneDayMore(): Promise<Task> {
  const folder = await mkdtemp(join(tmpdir(), 'candlelake-bench-'));
  const store = folderObjectStore(folder);
  const world = { store, clock: { nowMs: Date.now }, codeHash: 'bench', outOfTime: () => false };
  const months = await archiveZips({ interval: '15m', range: HALF_YEAR });
  const day = await archiveZips({ interval: '15m', range: NEXT_DAY }, 'daily');
  let count = 0;
  let series: Series;
  return {
    async before() {
      count++;
      series = { market: 'um', symbol: `S${count}USDT`, interval: '15m' };
      await land(store, series, 'archive_monthly', months);
      await refine({ runId: 'bench', series }, world);
      await land(store, series, 'archive_daily', day);
    },
    async run() {
      const { recomputed } = await refine({ runId: 'bench-2', series }, world);
      if (recomputed !== 1) throw new Error(`one day more must recompute 1 shard, got ${recomputed}`);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
