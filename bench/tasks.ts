import { threadedComputer } from '../lib/app/threaded-computer.ts';
import { candlesInDays } from '../lib/domain/interval.ts';
import { refine } from '../lib/lake/refine/refine.ts';
import { encodeTable } from '../lib/parquet/encode-table.ts';
import { landedLake } from './bench-lake.ts';
import type { Task } from './contestant.ts';
import { archiveZips, INPUTS, type InputName } from './corpus.ts';
import { oneDayMore } from './one-day-more.ts';
import { DUCKDB_COLUMNS, duckdbPipeline } from './peer-duckdb.ts';
import { PEER_INDICATORS } from './peer-indicators.ts';
import { peerPipeline } from './peer-pipeline.ts';
import { cpuOf } from './repeat.ts';
import { shardTables } from './shard-tables.ts';
import { sharedColumnOf } from './shared-set.ts';
import { sharedTask, wholeTableTask } from './table-tasks.ts';
import { walkCandles, YEAR_OF_1M } from './walk-candles.ts';

/** The work of our contestants, and of the peers that run in Node, by name. */
export const TASKS: Readonly<Record<string, (...args: string[]) => Promise<Task>>> = {
  refine: (input) => refineTask(input as InputName),
  'refine-on-two-threads': (input) => refineTask(input as InputName, threadedComputer),
  'one-day-more': oneDayMore,
  'whole-table': async () => wholeTableTask(),
  shared: async () => sharedTask(),
  encode: encodeTask,
  technicalindicators: async (input) => {
    const zips = await archiveZips(INPUTS[input as InputName]);
    const columns = Object.keys(PEER_INDICATORS).length;
    return { run: () => peerPipeline(zips).features.length, note: `technicalindicators: ${columns} indicators` };
  },
  'shared-technicalindicators': async () => sharedPeerTask(),
  duckdb: (input, folder) => duckdbTask(input as InputName, folder!),
};

/** Archive zips in a folder lake to candles, features, labels, checkpoints and manifests in the same lake. */
async function refineTask(input: InputName, openComputer?: typeof threadedComputer): Promise<Task> {
  const lake = await landedLake(INPUTS[input]);
  const world = {
    store: lake.store,
    clock: { nowMs: Date.now },
    codeHash: 'bench',
    outOfTime: () => false,
    ...(openComputer && { openComputer }),
  };
  return {
    before: lake.clear,
    run: () => refine({ runId: 'bench', series: lake.series }, world),
    close: lake.remove,
  };
}

/** The three tables of a month as Parquet. */
async function encodeTask(): Promise<Task> {
  const tables = await shardTables(INPUTS['1 month of 1m']);
  return { run: () => tables.map(({ schema, length, columns }) => encodeTable(schema, length, columns).length) };
}

/** @param folder the folder for its tables */
async function duckdbTask(input: InputName, folder: string): Promise<Task> {
  const zips = await archiveZips(INPUTS[input]);
  const days = candlesInDays(INPUTS[input].interval, 1)!;
  return { run: () => duckdbPipeline(zips, days, folder), note: `DuckDB: ${DUCKDB_COLUMNS} columns` };
}

function sharedPeerTask(): Task {
  const { high, low, close, volume } = walkCandles(YEAR_OF_1M);
  const arrays = { high: [...high], low: [...low], close: [...close], volume: [...volume] };
  const parts: Record<string, number> = {};
  return {
    run() {
      for (const [name, calculate] of Object.entries(PEER_INDICATORS)) {
        const column = sharedColumnOf(name);
        if (column) parts[column] = cpuOf(() => calculate(arrays).length);
      }
    },
    parts: () => parts,
  };
}
