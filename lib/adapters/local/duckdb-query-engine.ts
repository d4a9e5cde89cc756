import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api';
import { BadInput, EngineFailed } from '../../domain/errors.ts';
import { MARKETS } from '../../domain/market.ts';
import { CANDLES_SCHEMA, type ColumnType, partitionsOf, type TableSchema } from '../../domain/table-schema.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import type { StreamingQueryEngine } from '../../ports.ts';
import { assertReads } from '../../query/assert-reads.ts';
import { literal } from '../../query/gap-queries.ts';
import { namesSimulated } from '../../query/names-simulated.ts';
import { PARQUET_TABLES, RUN_REPORTS, VIEWS } from '../../query/views.ts';
import { assertDuckdbReads } from './assert-duckdb-reads.ts';
import { duckdbError, messageOf } from './duckdb-error.ts';
import { streamSelect, withoutEnd } from './duckdb-stream.ts';
import { fromDuckdbValue } from './duckdb-value.ts';
import { folderObjectStore } from './folder-object-store.ts';
import { assertTablesAreThere, withDamagedTable } from './lost-tables.ts';

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
 * SQL by DuckDB over a lake folder: its tables and views and nothing else. Statements other than SELECT are refused,
 * and the engine reads no file outside the folder and writes none (a query larger than memory spills to the machine's
 * temporary folder). Times are UTC. If the lake holds real and simulated candles, the tables and views leave the
 * simulated ones out, except for SQL that names their market.
 */
export async function duckdbQueryEngine(lakeFolder: string): Promise<StreamingQueryEngine> {
  const folder = resolve(lakeFolder);
  const lake = folderObjectStore(folder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // In a lake with real and simulated candles, this one has tables and views with both.
  let withSimulated: DuckDBConnection | undefined;
  const close = async () => {
    withSimulated?.closeSync();
    connection.closeSync();
    instance.closeSync();
  };
  let views: ReadonlySet<string>;
  try {
    const isMixed = await holdsBoth(connection, folder);
    views = await createViews(connection, folder, isMixed ? REAL : '');
    if (isMixed) {
      withSimulated = await instance.connect();
      await withSimulated.run('CREATE SCHEMA with_simulated');
      await withSimulated.run('USE with_simulated');
      await createViews(withSimulated, folder, '');
    }
    await confine(connection, folder);
  } catch (error) {
    await close();
    // What goes wrong before anybody asked is the lake's doing.
    throw await withDamagedTable(new EngineFailed(duckdbError(error).message, { cause: error }), lake);
  }
  const fail = async (error: unknown): Promise<never> => {
    // What this file has thrown itself is said already.
    throw error instanceof EngineFailed ? error : await withDamagedTable(explained(error, folder, views), lake);
  };

  /** The connection whose tables have the markets that the SQL means. */
  const connectionFor = (sql: string) => (namesSimulated(sql) && withSimulated) || connection;

  return {
    close,
    async query(sql) {
      const prepared = await prepareSelect(connectionFor(sql), sql).catch(fail);
      try {
        await assertTablesAreThere(lake, tablesIn(sql));
        const result = await prepared.runAndReadAll();
        const types = result.columnTypes();
        return {
          columns: result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]) })),
          rows: result.getRows().map((row) => row.map(fromDuckdbValue)),
        };
      } catch (error) {
        return await fail(error);
      } finally {
        prepared.destroySync();
      }
    },
    async stream(sql) {
      const asked = connectionFor(sql);
      const prepared = await prepareSelect(asked, sql).catch(fail);
      const { statementType } = prepared;
      prepared.destroySync();
      if (statementType !== StatementType.SELECT) throw new BadInput('sql must be a SELECT statement, got EXPLAIN');
      await assertTablesAreThere(lake, tablesIn(sql));
      const { select } = assertReads(sql);
      const parses = (part: string) =>
        assertDuckdbReads(asked, part).then(
          () => true,
          () => false,
        );
      return streamSelect(asked, await withoutEnd(select, parses), fail);
    },
  };
}

/** Condition for the rows of real markets. */
const REAL = `WHERE market <> 'sim'`;

async function holdsBoth(connection: DuckDBConnection, folder: string): Promise<boolean> {
  const found = await Promise.all(
    MARKETS.map(async (market) => {
      const there = await anyFile(connection, shardsGlob(folder, CANDLES_SCHEMA, market));
      return there ? market : undefined;
    }),
  );
  return found.includes('sim') && found.some((market) => market !== undefined && market !== 'sim');
}

/**
 * Makes the tables and views, and returns their names. A lake without shards has no tables, and a lake without runs has
 * no `runs`. A query of them is a mistake to explain, not a query without rows.
 * @param where condition for the rows of the tables, or empty
 */
async function createViews(connection: DuckDBConnection, folder: string, where: string): Promise<Set<string>> {
  await connection.run(`SET TimeZone = 'UTC'`);
  const hasShards = await anyShard(connection, folder);
  if (hasShards) {
    for (const schema of PARQUET_TABLES) await createTableView(connection, folder, schema, where);
  }
  const hasReports = await createReportsView(connection, folder);
  const views = VIEWS.filter(({ name }) => hasShards || (hasReports && name === 'runs'));
  for (const { name, duckdb } of views) await connection.run(`CREATE VIEW ${name} AS ${duckdb}`);
  return new Set([...views, ...(hasShards ? PARQUET_TABLES : [])].map(({ name }) => name));
}

async function anyShard(connection: DuckDBConnection, folder: string): Promise<boolean> {
  for (const schema of PARQUET_TABLES) {
    if (await anyFile(connection, shardsGlob(folder, schema))) return true;
  }
  return false;
}

/** The schema's columns, in its order, even if no shard is there yet or an older shard lacks one. */
async function createTableView(
  connection: DuckDBConnection,
  folder: string,
  schema: TableSchema,
  where: string,
): Promise<void> {
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
    `SELECT * FROM read_parquet(${literal(glob)}, union_by_name = true, hive_partitioning = true, ` +
    `hive_types = {${hiveTypes}}) ${where}`;
  const sql = (await anyFile(connection, glob)) ? `${empty} UNION ALL BY NAME ${shards}` : empty;
  await connection.run(`CREATE VIEW ${schema.name} AS ${sql}`);
}

/** One row a run, of its report or the copy of it. Returns whether there is any. */
async function createReportsView(connection: DuckDBConnection, folder: string): Promise<boolean> {
  const globs: string[] = [];
  for (const glob of reportGlobs(folder)) if (await anyFile(connection, glob)) globs.push(glob);
  const columns = Object.entries(RUN_REPORTS.duckdbColumns);
  const types = columns.map(([name, type]) => `"${name}": ${literal(type)}`).join(', ');
  const sql =
    globs.length > 0
      ? `SELECT * FROM read_json([${globs.map(literal).join(', ')}], format = 'newline_delimited', ` +
        `columns = {${types}}, hive_partitioning = false, maximum_object_size = ${MAX_REPORT_BYTES}) ` +
        'QUALIFY row_number() OVER (PARTITION BY "runId" ORDER BY "finishedAtMs" DESC) = 1'
      : `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
  await connection.run(`CREATE VIEW ${RUN_REPORTS.name} AS ${sql}`);
  return globs.length > 0;
}

/** From here on: no files but the lake's, no extensions, no settings. */
async function confine(connection: DuckDBConnection, folder: string): Promise<void> {
  // A query larger than memory spills here; DuckDB makes the folder when it needs it and removes it on closing.
  await connection.run(`SET temp_directory = ${literal(join(tmpdir(), `candlelake-query-${randomUUID()}`))}`);
  // A glob is checked as it is written, before it is expanded, so its escaped form has to be allowed as well.
  const allowed = [...new Set([folder, globOf(folder)])].map(literal).join(', ');
  await connection.run(`SET allowed_directories = [${allowed}]`);
  await connection.run(`SET enable_external_access = false`);
  await connection.run(`SET lock_configuration = true`);
}

/** @throws BadInput if the SQL is not one reading statement; a COPY, say, could write into the lake. */
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

/** Tables that SQL may read: those that it names, and those behind views that it names. */
function tablesIn(sql: string): Set<string> {
  const names = (text: string, { name }: { readonly name: string }) => new RegExp(`\\b${name}\\b`, 'i').test(text);
  const views = VIEWS.filter((view) => names(sql, view)).map(({ duckdb }) => duckdb);
  const text = [sql, ...views].join('\n');
  return new Set(PARQUET_TABLES.filter((table) => names(text, table)).map(({ name }) => name));
}

async function anyFile(connection: DuckDBConnection, glob: string): Promise<boolean> {
  const found = await connection.runAndReadAll(`SELECT 1 FROM glob(${literal(glob)}) LIMIT 1`);
  return found.currentRowCount > 0;
}

/** The shards themselves: half-written files have other names, and `**` would find them. */
function shardsGlob(folder: string, schema: TableSchema, market = '*'): string {
  const folders = partitionsOf(schema).map((column) => `${column}=${column === 'market' ? market : '*'}`);
  return `${globOf(folder)}/${schema.name}/${folders.join('/')}/${schema.name}.parquet`;
}

/** The copies of the reports, which stay, and the reports themselves. */
function reportGlobs(folder: string): string[] {
  return ['run_reports/day=*/*.json', 'runs/*/report.json'].map((glob) => `${globOf(folder)}/${glob}`);
}

/** A path as a glob that matches just it. */
function globOf(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}
