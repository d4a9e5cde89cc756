import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, StatementType } from '@duckdb/node-api';
import { holdsNone } from '../../domain/empty-lake.ts';
import { BadInput, EngineFailed } from '../../domain/errors.ts';
import { type ColumnType, partitionsOf, type TableSchema } from '../../domain/table-schema.ts';
import type { ResultBatch, StreamingQueryEngine } from '../../ports.ts';
import { assertReads } from '../../query/assert-reads.ts';
import { PARQUET_TABLES, RUN_REPORTS, VIEWS } from '../../query/views.ts';
import { assertDuckdbReads } from './assert-duckdb-reads.ts';
import { duckdbError, messageOf } from './duckdb-error.ts';
import { fromDuckdbValue } from './duckdb-value.ts';

const SQL_TYPES: Record<ColumnType, string> = {
  timestamp: 'TIMESTAMPTZ',
  float64: 'DOUBLE',
  float32: 'FLOAT',
  int32: 'INTEGER',
  int8: 'TINYINT',
  string: 'VARCHAR',
};

/** A report lists every shard of every series: whole markets go beyond DuckDB's 16 MiB. */
const MAX_REPORT_BYTES = 1 << 29;

/**
 * SQL by DuckDB over a lake folder: its tables and views and nothing else. Statements other than SELECT are refused, and
 * the engine reads no file outside the folder and writes none (a query larger than memory spills to the machine's
 * temporary folder). Times are UTC.
 */
export async function duckdbQueryEngine(lakeFolder: string): Promise<StreamingQueryEngine> {
  const folder = resolve(lakeFolder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const close = async () => {
    connection.closeSync();
    instance.closeSync();
  };
  let views: ReadonlySet<string>;
  try {
    views = await createViews(connection, folder);
    await confine(connection, folder);
  } catch (error) {
    await close();
    // What goes wrong before anybody asked is the lake's doing.
    throw new EngineFailed(duckdbError(error).message, { cause: error });
  }
  const fail = (error: unknown): never => {
    throw explained(error, folder, views);
  };

  return {
    close,
    async query(sql) {
      const prepared = await prepareSelect(connection, sql).catch(fail);
      try {
        const result = await prepared.runAndReadAll();
        const types = result.columnTypes();
        return {
          columns: result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]) })),
          rows: result.getRows().map((row) => row.map(fromDuckdbValue)),
        };
      } catch (error) {
        return fail(error);
      } finally {
        prepared.destroySync();
      }
    },
    async stream(sql) {
      const prepared = await prepareSelect(connection, sql).catch(fail);
      try {
        const result = await prepared.stream();
        const types = result.columnTypes();
        return {
          columns: result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]) })),
          batches: batchesOf(result, fail),
        };
      } catch (error) {
        return fail(error);
      } finally {
        prepared.destroySync();
      }
    },
  };
}

/** The chunks of a result, about 2,000 rows each. Errors go to `fail`. */
async function* batchesOf(result: DuckDBResult, fail: (error: unknown) => never): AsyncGenerator<ResultBatch> {
  for (;;) {
    const chunk = await result.fetchChunk().catch(fail);
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getColumns().map((values) => values.map(fromDuckdbValue));
  }
}

/**
 * Makes the tables and views, and returns their names. Where the lake holds no shard there are no tables, and before its
 * first run no `runs`: asking for them is a mistake to explain, not a question whose answer has no rows.
 */
async function createViews(connection: DuckDBConnection, folder: string): Promise<Set<string>> {
  await connection.run(`SET TimeZone = 'UTC'`);
  const hasShards = await anyShard(connection, folder);
  const hasRuns = hasShards || (await anyFile(connection, reportsGlob(folder)));
  if (hasShards) {
    for (const schema of PARQUET_TABLES) await createTableView(connection, folder, schema);
  }
  await createReportsView(connection, folder);
  const views = VIEWS.filter(({ name }) => hasShards || (hasRuns && name === 'runs'));
  for (const { name, duckdb } of views) await connection.run(`CREATE VIEW ${name} AS ${duckdb}`);
  return new Set([...views, ...(hasShards ? PARQUET_TABLES : [])].map(({ name }) => name));
}

async function anyShard(connection: DuckDBConnection, folder: string): Promise<boolean> {
  for (const schema of PARQUET_TABLES) {
    if (await anyFile(connection, shardsGlob(folder, schema))) return true;
  }
  return false;
}

/** The schema's columns, in its order, even where no shard is there yet or an older shard lacks one. */
async function createTableView(connection: DuckDBConnection, folder: string, schema: TableSchema): Promise<void> {
  const glob = shardsGlob(folder, schema);
  const partitions = partitionsOf(schema);
  const columns = [
    ...schema.columns.map(({ name, type }) => [name, SQL_TYPES[type]]),
    ...partitions.map((name) => [name, 'VARCHAR']),
  ];
  const empty = `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
  // Without the types, DuckDB would take period=2024 for a number and period=2024-02 for text.
  const hiveTypes = partitions.map((name) => `'${name}': VARCHAR`).join(', ');
  const shards =
    `SELECT * FROM read_parquet(${quoted(glob)}, union_by_name = true, hive_partitioning = true, ` +
    `hive_types = {${hiveTypes}})`;
  const sql = (await anyFile(connection, glob)) ? `${empty} UNION ALL BY NAME ${shards}` : empty;
  await connection.run(`CREATE VIEW ${schema.name} AS ${sql}`);
}

async function createReportsView(connection: DuckDBConnection, folder: string): Promise<void> {
  const glob = reportsGlob(folder);
  const columns = Object.entries(RUN_REPORTS.duckdbColumns);
  const types = columns.map(([name, type]) => `"${name}": ${quoted(type)}`).join(', ');
  const sql = (await anyFile(connection, glob))
    ? `SELECT * FROM read_json(${quoted(glob)}, format = 'newline_delimited', columns = {${types}}, ` +
      `maximum_object_size = ${MAX_REPORT_BYTES})`
    : `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
  await connection.run(`CREATE VIEW ${RUN_REPORTS.name} AS ${sql}`);
}

/** From here on: no files but the lake's, no extensions, no settings. */
async function confine(connection: DuckDBConnection, folder: string): Promise<void> {
  // A query larger than memory spills here; DuckDB makes the folder when it needs it and removes it on closing.
  await connection.run(`SET temp_directory = ${quoted(join(tmpdir(), `candlelake-query-${randomUUID()}`))}`);
  // A glob is checked as it is written, before it is expanded, so its escaped form has to be allowed as well.
  const allowed = [...new Set([folder, globOf(folder)])].map(quoted).join(', ');
  await connection.run(`SET allowed_directories = [${allowed}]`);
  await connection.run(`SET enable_external_access = false`);
  await connection.run(`SET lock_configuration = true`);
}

/** @throws BadInput where the SQL is not one reading statement; a COPY, say, could write into the lake. */
async function prepareSelect(connection: DuckDBConnection, sql: string) {
  const { explain, select } = assertReads(sql);
  const statements = await connection.extractStatements(explain + select);
  if (statements.count !== 1) {
    throw new BadInput(`sql must be one statement (PIVOT needs its values: ON … IN (…)), got ${statements.count}`);
  }
  await assertDuckdbReads(connection, select);
  const prepared = await statements.prepare(0);
  const type = prepared.statementType;
  if (type !== StatementType.SELECT && type !== StatementType.EXPLAIN) {
    prepared.destroySync();
    throw new BadInput(`sql must be a SELECT statement, got ${StatementType[type] ?? 'another'}`);
  }
  return prepared;
}

function explained(error: unknown, folder: string, views: ReadonlySet<string>): Error {
  if (error instanceof BadInput || error instanceof EngineFailed) return error;
  const table = /Table with name "?(\w+)"? does not exist/i.exec(messageOf(error))?.[1]?.toLowerCase() ?? '';
  const isOurs = [...VIEWS, ...PARQUET_TABLES].some(({ name }) => name === table);
  if (isOurs && !views.has(table)) return holdsNone(folder, table === 'runs' ? 'runs' : 'candles');
  return duckdbError(error);
}

async function anyFile(connection: DuckDBConnection, glob: string): Promise<boolean> {
  const found = await connection.runAndReadAll(`SELECT 1 FROM glob(${quoted(glob)}) LIMIT 1`);
  return found.currentRowCount > 0;
}

/** The shards themselves: half-written files have other names, and `**` would find them. */
function shardsGlob(folder: string, schema: TableSchema): string {
  const folders = partitionsOf(schema).map((column) => `${column}=*`);
  return `${globOf(folder)}/${schema.name}/${folders.join('/')}/${schema.name}.parquet`;
}

function reportsGlob(folder: string): string {
  return `${globOf(folder)}/runs/*/report.json`;
}

/** A path as a glob that matches just it. */
function globOf(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
