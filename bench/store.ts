import { TABLES } from '../lib/domain/tables.ts';
import { tablePrefix } from '../lib/lake/keys.ts';
import { refine } from '../lib/lake/refine/refine.ts';
import { landedLake } from './bench-lake.ts';
import type { Benchmark } from './benchmark.ts';
import { INPUT_NAMES, INPUTS, type InputName } from './corpus.ts';
import { printTable } from './print-table.ts';

/** Measures the bytes of a candle in the lake, by table. */
export const store: Benchmark = {
  about: 'bytes a candle takes in the lake, by table (seeded candles; real ones differ a little)',
  cases: Object.fromEntries(INPUT_NAMES.map((name) => [name, () => sizes(name)])),
  async report(measure) {
    const header = ['bytes per candle'];
    const columns: Record<string, string[]> = {};
    for (const name of INPUT_NAMES) {
      const { candles, parts } = await measure(name);
      header.push(name);
      const row = (what: string, bytes: number) => {
        columns[what] ??= [];
        columns[what].push((bytes / candles).toFixed(1));
      };
      let total = 0;
      for (const [what, [bytes]] of Object.entries(parts!)) {
        row(what, bytes!);
        total += bytes!;
      }
      row('all', total);
    }
    printTable(
      header,
      Object.entries(columns).map(([what, cells]) => [what, ...cells]),
    );
  },
};

async function sizes(name: InputName) {
  const lake = await landedLake(INPUTS[name]);
  try {
    await refine(
      { runId: 'bench', series: lake.series },
      { store: lake.store, clock: { nowMs: Date.now }, codeHash: 'bench', outOfTime: () => false },
    );
    const bytesUnder = async (prefix: string) =>
      (await lake.store.list(prefix)).reduce((sum, object) => sum + object.sizeBytes, 0);
    const parts: Record<string, number[]> = { landing: [await bytesUnder('landing/')] };
    for (const table of TABLES) parts[table] = [await bytesUnder(tablePrefix(table, lake.series))];
    for (const prefix of ['checkpoints', 'manifests']) parts[prefix] = [await bytesUnder(`${prefix}/`)];
    const { interval, range } = INPUTS[name];
    const candles = (range.toMs - range.fromMs) / (interval === '1m' ? 60_000 : 900_000);
    return { candles, times: [], parts };
  } finally {
    await lake.remove();
  }
}
