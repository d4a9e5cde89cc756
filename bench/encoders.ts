import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeTable } from '../lib/parquet/encode-table.ts';
import type { Benchmark } from './benchmark.ts';
import { contest } from './contest.ts';
import { ours, pythonPeer } from './contestants.ts';
import { INPUTS } from './corpus.ts';
import { printScores } from './score-table.ts';
import { shardTables } from './shard-tables.ts';
import { withFolder } from './with-folder.ts';

/** The Parquet encoder alone, beside those of the peers. */
export const encoders: Benchmark = {
  about: 'the tables of 1 month of 1m from memory as Parquet; peers: candles by zstd level 1, the rest by snappy',
  cases: {},
  async report() {
    await withFolder(async (folder) => {
      const paths: string[] = [];
      let size = 0;
      for (const { schema, length, columns } of await shardTables(INPUTS['1 month of 1m'])) {
        const bytes = encodeTable(schema, length, columns);
        const path = join(folder, `${schema.name}.parquet`);
        await writeFile(path, bytes);
        size += bytes.length / 2 ** 20;
        paths.push(path);
      }
      const peers = ['polars', 'pyarrow'].map((name) =>
        pythonPeer(`${name}, 1 thread, to a file`, 'peer-encoders.py', [name, folder, ...paths]),
      );
      printScores('three tables of a month', await contest([...ours('encode'), ...peers], { warmUps: 4, rounds: 9 }));
      console.log(`- candlelake: ${size.toFixed(1)} MiB\n`);
    });
  },
};
