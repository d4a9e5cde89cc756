/** Every Athena view and named query on a real Trino server, against DuckDB's answers over the same simulated lake. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duckdbQueryEngine } from '../../lib/adapters/local/duckdb-query-engine.ts';
import { type ColumnType, partitionsOf } from '../../lib/domain/table-schema.ts';
import { encodeArrowTable } from '../../lib/parquet/encode-arrow-table.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { namedQueries } from '../../lib/query/named-queries.ts';
import { prestoViewText } from '../../lib/query/presto-view.ts';
import { PARQUET_TABLES, RUN_REPORTS, VIEWS } from '../../lib/query/views.ts';
import { runLake } from '../support/lake-process.ts';
import { EVERY_COLUMN, randomTable } from '../support/random-table.ts';
import { askTrino } from './ask-trino.ts';
import { differences } from './differences.ts';
import { CATALOGUE, startTrino } from './trino-server.ts';

const SCHEMA = 'candlelake';
const TRINO_TYPE: Readonly<Record<ColumnType, string>> = {
  timestamp: 'timestamp(3)',
  float64: 'double',
  float32: 'real',
  int32: 'integer',
  int8: 'tinyint',
  string: 'varchar',
};

const home = process.argv[2];
assert(home, 'usage: compare-with-duckdb.ts <folder of an unpacked trino-server>');
const folder = mkdtempSync(join(tmpdir(), 'candlelake-trino-'));
const lake = join(folder, 'lake');
let failures = 0;

await makeLake();
const trino = await startTrino(resolve(home), join(folder, 'trino'));
const ask = (sql: string) => askTrino(trino.url, SCHEMA, sql);
const LITERALS = { market: 'sim', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m' };
const duckdb = await duckdbQueryEngine(lake);
try {
  await createTables();
  await untilAnswered(`SELECT count(*) FROM candles`);
  for (const { name } of PARQUET_TABLES) await check(`table ${name}`, () => compare(`SELECT * FROM ${name}`));
  for (const view of VIEWS) await check(`view ${view.name}: its text`, () => createView(view.name));
  for (const { name } of VIEWS) await check(`view ${name}`, () => compare(`SELECT * FROM ${name}`));
  for (const { name, sql } of namedQueries(LITERALS)) await check(`query ${name}`, () => compare(sql));
  for (const { name, sql } of namedQueries({ ...LITERALS, symbols: ['all'] })) {
    await check(`query ${name} for all symbols`, () => compare(sql));
  }
  await check('query latest-features reads the newest periods only', () => readsLess('latest-features'));
  await check('query cross-section reads the newest period only', () => readsLess('cross-section'));
  await check('a column that the table has gained and older files lack', gainsColumn);
  await check('values at the edges of every type, by our writer and by Arrow’s', sameByBothWriters);
} finally {
  await duckdb.close();
  await trino.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(failures === 0 ? 'test:trino: all as DuckDB has it' : `test:trino: ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function check(name: string, run: () => Promise<string>): Promise<void> {
  try {
    console.log(`ok    ${name}: ${await run()}`);
  } catch (error) {
    failures++;
    console.log(`FAIL  ${name}: ${(error as Error).message}`);
  }
}

/** The server says that it has started a moment before it finds itself among the nodes that may work. */
async function untilAnswered(sql: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const answered = await ask(sql).catch((error: Error) => error);
    if (!(answered instanceof Error)) return;
    if (attempt === 100 || !answered.message.includes('No nodes available')) throw answered;
    await sleep(300);
  }
}

/** Both years, two symbols, and a month in between that nobody fetched: a gap. */
async function makeLake(): Promise<void> {
  const env = { CANDLELAKE_NOW: '2024-02-10T00:00:00Z', CANDLELAKE_LAKE: lake };
  const run = ['run', '--source', 'simulated', '--market', 'sim', '--interval', '15m', '--symbols'];
  for (const [symbols, from, to] of [
    ['BTCUSDT', '2023-10-20', '2023-10-30'],
    ['BTCUSDT,ETHUSDT', '2023-12-10', '2024-01-20'],
  ] as const) {
    const { code, stderr } = await runLake([...run, symbols, '--from', from, '--to', to, '--streams'], { env });
    assert.equal(code, 0, stderr);
  }
}

/** Tables over the lake's folder itself: Trino reads the very bytes that the lake writes. */
async function createTables(): Promise<void> {
  await ask(`CREATE SCHEMA ${SCHEMA}`);
  for (const table of PARQUET_TABLES) {
    const { name, columns } = table;
    const all = [
      ...columns.map((column) => `"${column.name}" ${TRINO_TYPE[column.type]}`),
      ...partitionsOf(table).map((column) => `"${column}" varchar`),
    ];
    const partitions = partitionsOf(table)
      .map((column) => `'${column}'`)
      .join(', ');
    await ask(
      `CREATE TABLE ${SCHEMA}.${name} (${all.join(', ')}) WITH (format = 'PARQUET', ` +
        `external_location = 'file://${lake}/${name}', partitioned_by = ARRAY[${partitions}])`,
    );
    await ask(`CALL system.sync_partition_metadata('${SCHEMA}', '${name}', 'ADD')`);
  }
  await ask(
    `CREATE TABLE ${SCHEMA}.${RUN_REPORTS.name} ` +
      `(${RUN_REPORTS.athenaColumn} varchar, ${RUN_REPORTS.athenaPartition} varchar) ` +
      `WITH (format = 'TEXTFILE', external_location = 'file://${lake}/${RUN_REPORTS.name}', ` +
      `partitioned_by = ARRAY['${RUN_REPORTS.athenaPartition}'])`,
  );
  await ask(`CALL system.sync_partition_metadata('${SCHEMA}', '${RUN_REPORTS.name}', 'ADD')`);
}

/** The query reads less than the newest features do if nothing says that they are in the newest periods. */
async function readsLess(name: string): Promise<string> {
  const sqlOf = (of: string) => namedQueries(LITERALS).find((query) => query.name === of)!.sql;
  const everyPeriod = sqlOf('latest-features').replaceAll(/ AND \w\.period = \w\.period/g, '');
  assert.notEqual(everyPeriod, sqlOf('latest-features'));
  const [less, more] = [await ask(sqlOf(name)), await ask(everyPeriod)];
  assert(less.readBytes > 0 && less.readBytes < 0.6 * more.readBytes, `${less.readBytes} of ${more.readBytes} bytes`);
  return `${less.readBytes} bytes instead of ${more.readBytes}`;
}

/**
 * A table over the lake's features without their last column, whose partitions are registered so; then the table gains
 * the column. Partitions of old files know nothing of it; a partition registered later has it, and a file without it.
 * The column is null in all three cases, and never an error: the same as Athena reads Parquet, by the names of columns.
 */
async function gainsColumn(): Promise<string> {
  const table = PARQUET_TABLES.find(({ name }) => name === 'features')!;
  const partitions = partitionsOf(table);
  const withoutLast = table.columns.slice(0, -1);
  const last = table.columns.at(-1)!;
  const columns = [
    ...withoutLast.map((column) => `"${column.name}" ${TRINO_TYPE[column.type]}`),
    ...partitions.map((column) => `"${column}" varchar`),
  ];
  const keys = partitions.map((column) => `'${column}'`).join(', ');
  const old = join(folder, 'old');
  mkdirSync(old);
  await ask(
    `CREATE TABLE ${SCHEMA}.grown (${columns.join(', ')}) WITH (format = 'PARQUET', ` +
      `external_location = 'file://${old}', partitioned_by = ARRAY[${keys}])`,
  );
  const names = [...withoutLast.map(({ name }) => name), ...partitions].map((name) => `"${name}"`).join(', ');
  // Files that lack the column, written by Trino itself, in the first period; the lake's own have it.
  await ask(`INSERT INTO grown SELECT ${names} FROM features WHERE period = '2023'`);
  const before = await ask(`SELECT count(*) FROM grown`);
  await ask(`ALTER TABLE grown ADD COLUMN "${last.name}" ${TRINO_TYPE[last.type]}`);
  const counts = `count(*), count("${last.name}"), count("${withoutLast.at(-1)!.name}")`;
  const oldPartition = await ask(`SELECT ${counts} FROM grown WHERE period = '2023'`);
  assert.equal(oldPartition.rows[0]![0], before.rows[0]![0]);
  assert.equal(oldPartition.rows[0]![1], 0);
  assert(Number(oldPartition.rows[0]![2]) > 0);
  // The catalogue stage gives the partition the table's columns; the file still lacks the last.
  await ask(`CALL system.unregister_partition('${SCHEMA}', 'grown', ${registered('2023')})`);
  await ask(`CALL system.register_partition('${SCHEMA}', 'grown', ${registered('2023')})`);
  const updated = await ask(`SELECT ${counts} FROM grown WHERE period = '2023' AND symbol = 'BTCUSDT'`);
  assert.equal(updated.rows[0]![1], 0);
  assert(Number(updated.rows[0]![0]) > 0);
  return `${before.rows[0]![0]} rows, all null in ${last.name}`;
}

/** Both writers write the same tables; Trino must find no row of one that the other lacks. */
async function sameByBothWriters(): Promise<string> {
  const { columns } = EVERY_COLUMN;
  const writers = { ours: encodeTable, theirs: encodeArrowTable };
  for (const [writer, encode] of Object.entries(writers)) {
    mkdirSync(join(folder, writer));
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const bytes = encode(EVERY_COLUMN, 40_000, randomTable(EVERY_COLUMN, 40_000, seed));
      writeFileSync(join(folder, writer, `${seed}.parquet`), bytes);
    }
    const typed = columns.map(({ name, type }) => `"${name}" ${TRINO_TYPE[type]}`).join(', ');
    await ask(
      `CREATE TABLE ${SCHEMA}.${writer} (${typed}) ` +
        `WITH (format = 'PARQUET', external_location = 'file://${folder}/${writer}')`,
    );
  }
  const lacking = (some: string, other: string) => `SELECT count(*) FROM (TABLE ${some} EXCEPT TABLE ${other})`;
  for (const sql of [lacking('ours', 'theirs'), lacking('theirs', 'ours')]) {
    assert.equal(Number((await ask(sql)).rows[0]![0]), 0);
  }
  const counts = columns.map(({ name }) => `count("${name}"), min("${name}"), max("${name}")`).join(', ');
  const [ours, theirs] = [await ask(`SELECT ${counts} FROM ours`), await ask(`SELECT ${counts} FROM theirs`)];
  assert.deepEqual(ours.rows, theirs.rows);
  const rows = await ask('SELECT count(*) FROM ours');
  assert.equal(Number(rows.rows[0]![0]), 240_000);
  return `${rows.rows[0]![0]} rows, ${columns.length} columns`;
}

/** A partition as Trino's procedures name it. */
function registered(period: string): string {
  return `ARRAY['market', 'symbol', 'interval', 'period'], ARRAY['sim', 'BTCUSDT', '15m', '${period}']`;
}

/**
 * Lets Trino make the view, sees that the columns it finds are those that the project says, then puts the project's own
 * text in the place of Trino's: what is asked from there on is what the stack deploys.
 */
async function createView(name: string): Promise<string> {
  const view = VIEWS.find((one) => one.name === name)!;
  await ask(`CREATE OR REPLACE VIEW ${name} AS ${view.athena}`);
  const path = join(trino.metastore, SCHEMA, name, '.trinoSchema');
  const stored = JSON.parse(readFileSync(path, 'utf8')) as { viewOriginalText: string; viewExpandedText: string };
  const theirs = decode(stored.viewOriginalText);
  const ours = decode(prestoViewText(view, SCHEMA));
  assert.deepEqual(ours['columns'], theirs['columns']);
  assert.equal(ours['catalog'], CATALOGUE);
  assert.equal(ours['schema'], theirs['schema']);
  assert.equal(stored.viewExpandedText, '/* Presto View */');
  writeFileSync(path, JSON.stringify({ ...stored, viewOriginalText: prestoViewText(view, SCHEMA) }));
  rmSync(join(trino.metastore, SCHEMA, name, '..trinoSchema.crc'), { force: true });
  return `${view.columns.length} columns of the types that Trino finds`;
}

function decode(text: string): Record<string, unknown> {
  const base64 = /^\/\* Presto View: (\S+) \*\/$/.exec(text)?.[1];
  assert(base64, `not the text of a view: ${text.slice(0, 100)}`);
  return JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as Record<string, unknown>;
}

async function compare(sql: string): Promise<string> {
  const theirs = await ask(sql);
  const ours = await duckdb.query(sql);
  const names = ours.columns.map(({ name }) => name);
  assert.deepEqual(
    theirs.columns.map(({ name }) => name),
    names,
  );
  assert(theirs.rows.length > 0, 'no rows to compare');
  const found = differences(theirs.rows, ours.rows, names, /ORDER BY [^)]*$/.test(sql));
  assert.equal(found.length, 0, `Trino against DuckDB: ${found.join('; ')}`);
  return `${theirs.rows.length} rows, ${names.length} columns`;
}
