import { execFileSync } from 'node:child_process';
import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { newestRowsText } from '../../lib/cli/commands/newest-rows.ts';
import type { GivenOptions } from '../../lib/cli/keep-options.ts';
import type { RunReport } from '../../lib/lake/catalogue/contract.ts';
import { awkwardFolder, type SmallShard, writeShards } from '../support/query-lake.ts';

const series = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;
const REPORT = { series: [{ series, shards: [{}] }] } as unknown as RunReport;

/** Returns what a run of a lake with these labels shows. */
async function shown(labels: Partial<SmallShard>, given?: GivenOptions): Promise<string> {
  const folder = awkwardFolder();
  const one = { series, period: '2024', from: '2024-01-01', rows: 96, minutes: 15 } as const;
  const values = { close: '30000 + i / 10', return_1: '0.0021328968 / (i + 1)', rsi_14: '58.667084 - i / 3' };
  await writeShards(folder, [
    { ...one, table: 'candles', values },
    { ...one, table: 'features', values },
    { ...one, table: 'labels', values: { signal: 'i % 3' }, ...labels },
  ]);
  const engine = await duckdbQueryEngine(folder);
  try {
    return await newestRowsText(REPORT, engine, 80, given);
  } finally {
    await engine.close();
  }
}

test('the first screen shows the newest rows that have a label, aligned, in 80 columns', async () => {
  const lines = (await shown({ rows: 36 })).trimEnd().split('\n');
  const table = lines.slice(lines.findIndex((line) => line.startsWith('open_time')));
  expect(table).toHaveLength(10);
  expect(table[1]).toBe('2024-01-01 08:45  30003.5  0.0000592471  47.0004       2  2024-01-01 09:00');
  expect(table.slice(1, 9).every((line) => line.length === table[1]!.length && !line.includes('–'))).toBe(true);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('a series that is too short for labels shows its newest candles', async () => {
  const text = await shown({ values: { signal: 'NULL' } });
  expect(text).not.toContain('signal IS NOT NULL');
  expect(text).toMatch(/\n2024-01-01 23:45 .*–.*\n/);
  expect(text).toMatch(/\n8 rows\n$/);
});

test('the printed command is one that a shell takes apart as it was meant', async () => {
  const text = await shown({}, { lake: 'my lake' });
  const command = text.slice(1, text.indexOf('LIMIT 8"') + 8);
  const words = execFileSync('sh', ['-c', command.replace('npx lake', 'printf "%s\\n--\\n"')], { encoding: 'utf8' });
  const [name, option, lake, sql] = words.split('\n--\n');
  expect([name, option, lake]).toEqual(['query', '--lake', 'my lake']);
  expect(sql).toMatch(/^\n {2}SELECT open_time.* AND signal IS NOT NULL\n {2}ORDER BY open_time DESC LIMIT 8$/s);
});

test('a run that brought nothing shows nothing', async () => {
  const engine = await duckdbQueryEngine(awkwardFolder());
  expect(await newestRowsText({ series: [] } as unknown as RunReport, engine, 80)).toBe('');
  await engine.close();
});
