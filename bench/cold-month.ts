import { folderObjectStore } from '../lib/adapters/local/folder-object-store.ts';
import { refine } from '../lib/lake/refine/refine.ts';
import { BENCH_SERIES, clearLake } from './bench-series.ts';
import { serve } from './contestant.ts';

/** Refines the month that has landed in the folder of its argument, once a line. cold.ts bundles it. */
const [, , folder = ''] = process.argv;
const store = folderObjectStore(folder);
const world = { store, clock: { nowMs: Date.now }, codeHash: 'bench', outOfTime: () => false };
await serve({
  before: () => clearLake(folder),
  run: () => refine({ runId: 'bench', series: { ...BENCH_SERIES, interval: '1m' } }, world),
});
