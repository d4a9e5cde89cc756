import type { DuckDBConnection } from '@duckdb/node-api';
import { type ColumnType, partitionsOf, type TableSchema } from '../../domain/table-schema.ts';
import { literal } from '../../query/gap-queries.ts';
import { PARQUET_TABLES, RUN_REPORTS, RUNS, VIEWS } from '../../query/views.ts';
import type { ReadTables } from './assert-duckdb-reads.ts';
import { globOf } from './glob-of.ts';
import { hasShard } from './has-shard.ts';

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

/** All names that SQL can read, views after what they read. */
const NAMES: readonly string[] = [...PARQUET_TABLES, RUN_REPORTS, ...VIEWS].map(({ name }) => name);

/**
 * The tables and views of a lake folder, in the schema of a connection. Each is made when SQL first reads it, because
 * DuckDB opens every shard of a table to make it. A lake without shards has no tables, and a lake without runs has no
 * `runs`: a query of them is a mistake to explain, not a query without rows.
 */
export class LakeViews {
  private readonly connection: DuckDBConnection;
  private readonly folder: string;
  private readonly where: string;
  private readonly made = new Set<string>();
  private ready: Promise<unknown> = Promise.resolve();
  private shards: Promise<boolean> | undefined;

  /** @param where condition for the rows of the tables, or empty */
  constructor(connection: DuckDBConnection, folder: string, where: string) {
    this.connection = connection;
    this.folder = folder;
    this.where = where;
  }

  /** Returns true if there is a table or view of this name. */
  has(name: string): boolean {
    return this.made.has(name);
  }

  /** Makes what a statement reads. If it may read anything, all is made, for the list of tables and for suggestions. */
  async make({ names, others }: ReadTables): Promise<void> {
    const wanted = others || [...names].some((name) => !NAMES.includes(name)) ? NAMES : [...names];
    // One after the other, because queries of one engine may run at the same time.
    const made = this.ready.then(async () => {
      for (const name of wanted) await this.makeOne(name);
    });
    this.ready = made.catch(() => {});
    await made;
  }

  private async makeOne(name: string): Promise<void> {
    if (this.made.has(name)) return;
    const sql = await this.sqlOf(name);
    if (sql === undefined) return;
    await this.connection.run(`CREATE VIEW ${name} AS ${sql}`);
    this.made.add(name);
  }

  /** Returns the SQL behind a name, after what it reads has been made; undefined if the lake has no such data. */
  private async sqlOf(name: string): Promise<string | undefined> {
    if (name === RUN_REPORTS.name) return reportsSql(await this.reports());
    const view = VIEWS.find((one) => one.name === name);
    this.shards ??= this.anyShard();
    const isThere = (await this.shards) || (name === RUNS.name && (await this.reports()).length > 0);
    if (!isThere) return undefined;
    const table = PARQUET_TABLES.find((one) => one.name === name);
    if (table) return this.tableSql(table);
    if (!view) return undefined;
    for (const other of namesIn(view.duckdb)) await this.makeOne(other);
    return view.duckdb;
  }

  private async anyShard(): Promise<boolean> {
    for (const schema of PARQUET_TABLES) if (await hasShard(this.folder, schema)) return true;
    return false;
  }

  /** The schema's columns, in its order, even if no shard is there yet or an older shard lacks one. */
  private async tableSql(schema: TableSchema): Promise<string> {
    const partitions = partitionsOf(schema);
    const columns = [
      ...schema.columns.map(({ name, type }) => [name, SQL_TYPES[type]]),
      ...partitions.map((name) => [name, 'VARCHAR']),
    ];
    const empty = `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
    if (!(await hasShard(this.folder, schema))) return empty;
    // `**` would find half-written files, which have other names.
    const folders = partitions.map((column) => `${column}=*`).join('/');
    const glob = `${globOf(this.folder)}/${schema.name}/${folders}/${schema.name}.parquet`;
    // Without the types, DuckDB would take period=2024 for a number and period=2024-02 for text.
    const hiveTypes = partitions.map((name) => `'${name}': VARCHAR`).join(', ');
    return (
      `${empty} UNION ALL BY NAME SELECT * FROM read_parquet(${literal(glob)}, union_by_name = true, ` +
      `hive_partitioning = true, hive_types = {${hiveTypes}}) ${this.where}`
    );
  }

  /** Returns the globs that match a report: of the copies of the reports, which stay, and of the reports themselves. */
  private async reports(): Promise<string[]> {
    const found: string[] = [];
    for (const place of ['run_reports/day=*/*.json', 'runs/*/report.json']) {
      const glob = `${globOf(this.folder)}/${place}`;
      const answer = await this.connection.runAndReadAll(`SELECT 1 FROM glob(${literal(glob)}) LIMIT 1`);
      if (answer.currentRowCount > 0) found.push(glob);
    }
    return found;
  }
}

/** Returns SQL for one row a run, of its report or the copy of it. */
function reportsSql(globs: readonly string[]): string {
  const columns = Object.entries(RUN_REPORTS.duckdbColumns);
  if (globs.length === 0) {
    return `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
  }
  const types = columns.map(([name, type]) => `"${name}": ${literal(type)}`).join(', ');
  return (
    `SELECT * FROM read_json([${globs.map(literal).join(', ')}], format = 'newline_delimited', ` +
    `columns = {${types}}, hive_partitioning = false, maximum_object_size = ${MAX_REPORT_BYTES}) ` +
    'QUALIFY row_number() OVER (PARTITION BY "runId" ORDER BY "finishedAtMs" DESC) = 1'
  );
}

function namesIn(sql: string): string[] {
  return NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(sql));
}
