import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api';
import { BadInput, EngineFailed } from '../../domain/errors.ts';
import { MARKETS } from '../../domain/market.ts';
import { CANDLES_SCHEMA } from '../../domain/table-schema.ts';
import { holdsNone } from '../../lake/empty-lake.ts';
import type { ObjectStore, QueryResult, ResultStream, StreamingQueryEngine } from '../../ports.ts';
import { assertReads } from '../../query/assert-reads.ts';
import { literal } from '../../query/gap-queries.ts';
import { namesSimulated } from '../../query/names-simulated.ts';
import { PARQUET_TABLES, VIEWS } from '../../query/views.ts';
import { assertDuckdbReads, type ReadTables } from './assert-duckdb-reads.ts';
import { duckdbError, messageOf } from './duckdb-error.ts';
import { streamSelect, withoutEnd } from './duckdb-stream.ts';
import { fromDuckdbValue } from './duckdb-value.ts';
import { folderObjectStore } from './folder-object-store.ts';
import { globOf } from './glob-of.ts';
import { hasShard } from './has-shard.ts';
import { LakeViews } from './lake-views.ts';
import { assertTablesAreThere, withDamagedTable } from './lost-tables.ts';

/**
 * SQL by DuckDB over a lake folder: its tables and views and nothing else. Statements other than SELECT are refused,
 * and the engine reads no file outside the folder and writes none (a query larger than memory spills to the machine's
 * temporary folder). Times are UTC. If the lake holds real and simulated candles, the tables and views leave the
 * simulated ones out, except for SQL that names their market.
 */
export async function duckdbQueryEngine(lakeFolder: string): Promise<StreamingQueryEngine> {
  const folder = resolve(lakeFolder);
  const store = folderObjectStore(folder);
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const isMixed = await holdsBoth(folder);
    const real = await openSchema(instance, folder, 'main', isMixed ? REAL : '');
    const simulated = isMixed ? await openSchema(instance, folder, 'with_simulated', '') : real;
    await confine(real.connection, folder);
    const lake: OpenLake = { folder, store, real, simulated };
    return {
      query: (sql) => query(lake, sql),
      stream: (sql) => stream(lake, sql),
      async close() {
        for (const { connection } of new Set([simulated, real])) connection.closeSync();
        instance.closeSync();
      },
    };
  } catch (error) {
    instance.closeSync();
    throw await damageOf(error, store);
  }
}

/** A lake folder that is open for SQL. */
interface OpenLake {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly real: LakeSchema;
  /** The schema for SQL that names the simulated market; the same as `real` if no rows differ. */
  readonly simulated: LakeSchema;
}

/** Condition for the rows of real markets. */
const REAL = `WHERE market <> 'sim'`;

/** A schema with the tables and views of the lake, and the connection whose unqualified names mean them. */
interface LakeSchema {
  readonly connection: DuckDBConnection;
  readonly views: LakeViews;
}

async function openSchema(instance: DuckDBInstance, folder: string, name: string, where: string): Promise<LakeSchema> {
  const connection = await instance.connect();
  if (name !== 'main') await connection.run(`CREATE SCHEMA ${name}`);
  await connection.run(`USE ${name}`);
  await connection.run(`SET TimeZone = 'UTC'`);
  return { connection, views: new LakeViews(connection, folder, where) };
}

async function holdsBoth(folder: string): Promise<boolean> {
  if (!(await hasShard(folder, CANDLES_SCHEMA, 'sim'))) return false;
  for (const market of MARKETS) {
    if (market !== 'sim' && (await hasShard(folder, CANDLES_SCHEMA, market))) return true;
  }
  return false;
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

/** Returns the error of a table or view that DuckDB cannot make: the lake is the reason, not the SQL. */
function damageOf(error: unknown, lake: ObjectStore): Promise<Error> {
  return withDamagedTable(new EngineFailed(duckdbError(error).message, { cause: error }), lake);
}

async function query(lake: OpenLake, sql: string): Promise<QueryResult> {
  const schema = schemaFor(lake, sql);
  const fail = (error: unknown) => failed(error, lake, schema);
  const prepared = await prepare(lake, schema, sql).catch(fail);
  try {
    await assertTablesAreThere(lake.store, tablesIn(sql));
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
}

async function stream(lake: OpenLake, sql: string): Promise<ResultStream> {
  const schema = schemaFor(lake, sql);
  const fail = (error: unknown) => failed(error, lake, schema);
  const prepared = await prepare(lake, schema, sql).catch(fail);
  const { statementType } = prepared;
  prepared.destroySync();
  if (statementType !== StatementType.SELECT) throw new BadInput('sql must be a SELECT statement, got EXPLAIN');
  await assertTablesAreThere(lake.store, tablesIn(sql));
  const { connection } = schema;
  const parses = (part: string) =>
    assertDuckdbReads(connection, part).then(
      () => true,
      () => false,
    );
  return streamSelect(connection, await withoutEnd(assertReads(sql).select, parses), fail);
}

/** Returns the schema whose tables have the markets that the SQL means. */
function schemaFor({ real, simulated }: OpenLake, sql: string): LakeSchema {
  return namesSimulated(sql) ? simulated : real;
}

/** @throws BadInput if the SQL is not one reading statement; a COPY, say, could write into the lake. */
async function prepare(lake: OpenLake, schema: LakeSchema, sql: string): Promise<DuckDBPreparedStatement> {
  const { explain, select } = assertReads(sql);
  const { connection } = schema;
  const statements = await connection.extractStatements(explain + select);
  if (statements.count !== 1) {
    throw new BadInput(`sql must be one statement (PIVOT needs its values: ON … IN (…)), got ${statements.count}`);
  }
  await makeViews(lake, schema, await assertDuckdbReads(connection, select));
  const prepared = await statements.prepare(0);
  const type = prepared.statementType;
  if (type !== StatementType.SELECT && type !== StatementType.EXPLAIN) {
    prepared.destroySync();
    throw new BadInput(`sql must be a SELECT statement, got ${StatementType[type] ?? 'another'}`);
  }
  return prepared;
}

/** Makes what a statement reads. A qualified name may be of the other schema. @throws EngineFailed */
async function makeViews({ store, real, simulated }: OpenLake, schema: LakeSchema, read: ReadTables): Promise<void> {
  try {
    for (const { views } of read.others ? new Set([real, simulated]) : [schema]) await views.make(read);
  } catch (error) {
    throw await damageOf(error, store);
  }
}

/** @throws always: the error of a statement, as a line for its author or about the lake */
async function failed(error: unknown, { folder, store }: OpenLake, { views }: LakeSchema): Promise<never> {
  if (error instanceof EngineFailed || error instanceof BadInput) throw error;
  const table = /Table with name "?(\w+)"? does not exist/i.exec(messageOf(error))?.[1]?.toLowerCase() ?? '';
  const isOurs = [...VIEWS, ...PARQUET_TABLES].some(({ name }) => name === table);
  if (isOurs && !views.has(table)) throw holdsNone(folder, table === 'runs' ? 'runs' : 'candles');
  throw await withDamagedTable(duckdbError(error), store);
}

/** Returns the tables that SQL may read: those that it names, and those behind views that it names. */
function tablesIn(sql: string): Set<string> {
  const names = (text: string, { name }: { readonly name: string }) => new RegExp(`\\b${name}\\b`, 'i').test(text);
  const views = VIEWS.filter((view) => names(sql, view)).map(({ duckdb }) => duckdb);
  const text = [sql, ...views].join('\n');
  return new Set(PARQUET_TABLES.filter((table) => names(text, table)).map(({ name }) => name));
}
