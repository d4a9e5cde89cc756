import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbQueryEngine } from '../../../lib/adapters/local/duckdb-query-engine.ts';
import { writeShards } from '../../support/query-lake.ts';
import type { FuzzTarget } from '../targets.ts';

const QUERIES = [
  'SELECT count(*) FROM candles',
  `WITH x AS (SELECT close FROM candles WHERE symbol = 'BTCUSDT') SELECT avg(close) FROM x`,
  '/* a */ SELECT 1 -- b',
  '-- a\nEXPLAIN SELECT 1',
  `COPY candles TO 'copied.csv'`,
  `EXPORT DATABASE 'exported'`,
  `FROM enable_profiling(save_location = 'profile.json')`,
  `FROM read_text('/etc/passwd')`,
  'DESCRIBE candles; DROP VIEW candles',
];

/** SQL over a small lake: an answer or a named error, and no file that was not there. */
export async function sqlTarget(): Promise<FuzzTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'candlelake-fuzz-sql-'));
  const series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
  await writeShards(folder, [{ table: 'candles', series, period: '2024', from: '2024-01-01', rows: 8, minutes: 15 }]);
  const engine = await duckdbQueryEngine(folder);
  const files = () => readdirSync(folder, { recursive: true }).sort().join();
  const before = files();
  return {
    name: 'sql',
    samples: QUERIES.map((sql) => Buffer.from(sql)),
    errors: ['BadInput', 'EngineFailed'],
    async read(bytes) {
      const answer = await engine.query(bytes.toString().replaceAll('\0', '')).catch((error: Error) => error);
      if (files() !== before) throw new Error('it wrote into the lake');
      if (answer instanceof Error) throw answer;
      if (JSON.stringify(answer.rows).includes('root:')) throw new Error('it read a file outside the lake');
    },
  };
}
