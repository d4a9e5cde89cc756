import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbQueryEngine } from '../../../lib/adapters/local/duckdb-query-engine.ts';
import type { StreamingQueryEngine } from '../../../lib/ports.ts';
import { writeShards } from '../../support/query-lake.ts';

const SECRET = 'a word that no answer may hold';
const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '15m' } as const;

/** A lake, a secret beside it, links out of it, a home of its own, and a server that counts who calls. */
const base = mkdtempSync(join(tmpdir(), 'candlelake-confinement-'));
const lake = join(base, 'lake');
const homeBefore = process.env['HOME'];
let engine: StreamingQueryEngine;
let server: Server;
let calls = 0;
let web: string;

beforeAll(async () => {
  for (const folder of ['lake', 'lake2', 'home']) mkdirSync(join(base, folder));
  for (const name of ['secret.csv', 'lake2/secret.csv']) writeFileSync(join(base, name), `a\n${SECRET}\n`);
  await writeShards(lake, [
    { table: 'candles', series: SERIES, period: '2024', from: '2024-01-01', rows: 96, minutes: 15 },
  ]);
  mkdirSync(join(lake, 'manifests'));
  writeFileSync(join(lake, 'manifests/manifest.json'), '{}');
  symlinkSync(join(base, 'secret.csv'), join(lake, 'link.csv'));
  symlinkSync(join(base, 'lake2'), join(lake, 'folder'));
  server = createServer((_, response) => {
    calls++;
    response.end(`a\n${SECRET}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['HOME'] = join(base, 'home');
  engine = await duckdbQueryEngine(lake);
});
afterAll(async () => {
  process.env['HOME'] = homeBefore;
  await engine.close();
  server.close();
  rmSync(base, { recursive: true, force: true });
});

/** Every file and folder below, with size and time of change. */
function everything(): string[] {
  const names = readdirSync(base, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const { size, mtimeMs } = statSync(join(base, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

/** `LAKE`, `BASE` and `WEB` in a trick are replaced by the folders and the address of this test. */
const written = (trick: string) => trick.replaceAll('LAKE', lake).replaceAll('BASE', base).replaceAll('WEB', web);

const WRITING = [
  // DuckDB's comments nest, and one that begins with -- ends at a carriage return: what looks like a SELECT is not one.
  `/* /* */ SELECT */ EXPORT DATABASE 'LAKE/exported'`,
  `/* /* */ SELECT */ COPY candles TO 'LAKE/copied.csv'`,
  `-- \rEXPORT DATABASE 'LAKE/exported' /*\nSELECT 1*/`,
  `-- \rCOPY candles TO 'LAKE/copied.csv' /*\nSELECT 1*/`,
  `-- \rEXPORT DATABASE 'LAKE/exported' --\nEXPLAIN SELECT 1`,
  `EXPLAIN -- \rEXPORT DATABASE 'LAKE/exported' /*\nSELECT 1*/`,
  // Table functions that write from inside a SELECT.
  `FROM enable_profiling(save_location = 'LAKE/manifests/manifest.json', format = 'json')`,
  `FROM enable_profiling(save_location = 'BASE/secret.csv', format = 'json')`,
  `SELECT (SELECT 1 FROM Enable_Profiling(save_location = 'LAKE/x.json'))`,
  `WITH x AS (FROM system.main.enable_profiling(save_location = 'LAKE/x.json')) FROM x`,
  `EXPLAIN ANALYZE FROM enable_profiling(save_location = 'LAKE/x.json')`,
  `FROM enable_logging('QueryLog', storage = 'file', storage_path = 'LAKE/logs')`,
  `FROM enable_logging(level = 'trace', storage = 'file', storage_config = {'path': 'BASE/logs'})`,
  `FROM query('FROM enable_profiling(save_location = ''LAKE/x.json'')')`,
  `FROM query($$COPY candles TO 'LAKE/copied.csv'$$)`,
  `FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_profiling()'))`,
  `FROM checkpoint()`,
  `FROM force_checkpoint()`,
  `WITH x AS (COPY candles TO 'LAKE/copied.csv') SELECT 1`,
  `WITH x AS (SELECT 1) INSERT INTO candles SELECT 1`,
  `EXPLAIN ANALYZE WITH x AS (SELECT 1) INSERT INTO candles SELECT 1`,
  `CREATE TEMP TABLE t AS SELECT 1`,
  `ATTACH 'LAKE/other.db'`,
  `USE memory`,
  `SET temp_directory = 'LAKE'`,
  `SET VARIABLE x = 1`,
  `PRAGMA disable_verification`,
  `VACUUM`,
];

const READING = [
  `FROM 'BASE/secret.csv'`,
  `FROM 'file://BASE/secret.csv'`,
  `FROM read_csv(['BASE/secret.csv'])`,
  `FROM read_csv('BASE/secret.cs?')`,
  `FROM read_text('BASE/lake2/secret.csv')`,
  `FROM read_text('LAKE/../secret.csv')`,
  `FROM read_text('LAKE//./../secret.csv')`,
  `FROM read_text('LAKE/candles/../../secret.csv')`,
  `FROM read_text('LAKE/link.csv')`,
  `FROM read_csv('LAKE/*.csv')`,
  `FROM read_text('LAKE/folder/secret.csv')`,
  `FROM glob('LAKE/folder/*')`,
  `FROM glob('LAKE/../*')`,
  `FROM read_text('~/.profile')`,
  `FROM read_text('/dev/stdin')`,
  `FROM read_csv('/dev/fd/0')`,
  `FROM read_text('/proc/self/environ')`,
  `FROM read_blob('/proc/self/mem')`,
  `FROM read_ndjson('/etc/passwd')`,
  `FROM read_duckdb('BASE/secret.csv')`,
  `FROM parquet_schema('BASE/secret.csv')`,
  `FROM parquet_kv_metadata('BASE/secret.csv')`,
  `FROM sniff_csv('BASE/secret.csv')`,
  `SUMMARIZE FROM read_csv('BASE/secret.csv')`,
  `DESCRIBE FROM read_csv('BASE/secret.csv')`,
  `FROM arrow_scan(1, 1, 1)`,
  `SELECT getenv('HOME')`,
  `FROM duckdb_secrets()`,
];

const NETWORK = [
  `FROM 'WEB/secret.csv'`,
  `FROM read_csv('WEB/secret.csv')`,
  `FROM read_text('WEB/secret.csv')`,
  `FROM 's3://bucket/secret.parquet'`,
  `FROM 'hf://datasets/secret.parquet'`,
  `FROM read_xlsx('WEB/secret.xlsx')`,
  `SELECT st_point(1, 1)`,
  `FROM postgres_scan('host=127.0.0.1', 'a', 'b')`,
  `FROM sqlite_scan('BASE/secret.csv', 'a')`,
  `FROM delta_scan('WEB/x')`,
  `INSTALL httpfs FROM 'WEB'`,
];

test.each([...WRITING, ...READING, ...NETWORK])('refuses %j', async (trick) => {
  const before = everything();
  for (const ask of [engine.query, engine.stream]) {
    const refused = await ask(written(trick)).catch((error: Error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect((refused as Error).name).toMatch(/^(BadInput|EngineFailed)$/);
    expect((refused as Error).message).not.toContain(SECRET);
    expect(everything()).toEqual(before);
    expect(calls).toBe(0);
  }
  // The engine is as it was: the next question is answered, and nothing of it is written down.
  expect((await engine.query('SELECT count(*) FROM candles')).rows).toEqual([[96]]);
  expect(everything()).toEqual(before);
});

test('nothing an engine can be asked gives a key of the environment', async () => {
  process.env['BINANCE_SECRET_KEY'] = SECRET;
  try {
    for (const name of ['duckdb_settings', 'duckdb_views', 'duckdb_memory', 'duckdb_databases']) {
      expect(JSON.stringify((await engine.query(`FROM ${name}()`)).rows)).not.toContain(SECRET);
    }
  } finally {
    delete process.env['BINANCE_SECRET_KEY'];
  }
});

test.each([
  `/* a word before */ SELECT 1`,
  `-- a line before\r\nSELECT 1`,
  `EXPLAIN ANALYZE SELECT count(*) FROM candles`,
  `WITH x AS (FROM range(3)) FROM x`,
  `FROM candles SELECT count(*)`,
  `PIVOT candles ON source IN ('rest') USING count(*)`,
  `SELECT unnest([1, 2])`,
  `FROM read_parquet('LAKE/candles/*/*/*/*/*.parquet') LIMIT 1`,
  `SELECT '/* /* no comment */' AS text`,
])('still answers %j', async (sql) => {
  expect((await engine.query(written(sql))).rows.length).toBeGreaterThan(0);
});

test('a lake that is itself reached by a link is read as any other', async () => {
  const link = join(base, 'lake-by-link');
  symlinkSync(lake, link);
  const other = await duckdbQueryEngine(link);
  try {
    expect((await other.query('SELECT count(*) FROM candles')).rows).toEqual([[96]]);
    await expect(other.query(`FROM read_text('${link}/../secret.csv')`)).rejects.toThrow();
  } finally {
    await other.close();
    rmSync(link);
  }
  expect(readFileSync(join(base, 'secret.csv'), 'utf8')).toContain(SECRET);
});
