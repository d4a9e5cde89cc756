import type { DuckDBConnection } from '@duckdb/node-api';
import { BadInput } from '../../domain/errors.ts';
import { literal } from '../../query/gap-queries.ts';

/**
 * Table functions that only read. The others are refused, for some write from inside a SELECT: `enable_profiling` and
 * `enable_logging` put files wherever the engine may write, and `query` runs a text that is not looked at here.
 */
const READING_FUNCTIONS: ReadonlySet<string> = new Set(
  `duckdb_columns duckdb_databases duckdb_functions duckdb_keywords duckdb_memory duckdb_schemas duckdb_settings
   duckdb_tables duckdb_types duckdb_views generate_series glob histogram histogram_values icu_calendar_names json_each
   json_tree parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan
   parquet_schema
   pg_timezone_names pragma_show pragma_table_info pragma_version range read_blob read_csv read_csv_auto read_json
   read_json_auto read_json_objects read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet
   read_text repeat repeat_row sniff_csv summary test_all_types unnest`.split(/\s+/),
);

interface SerializedSql {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
}

/** The tables that a statement reads. */
export interface ReadTables {
  /** The tables that the statement names, lower case; also names of its own WITH. */
  readonly names: ReadonlySet<string>;
  /** True if the statement may read other tables, or lists tables: it has a qualified name, or reads the catalogue. */
  readonly others: boolean;
}

/**
 * Checks that DuckDB takes the text for a SELECT (SHOW, DESCRIBE and PIVOT are some to it) that calls only table
 * functions that read. It parses the text and runs nothing, because some statements write while they are prepared.
 * @returns the tables that the statement reads
 * @throws BadInput if the text is another statement, or none
 */
export async function assertDuckdbReads(connection: DuckDBConnection, select: string): Promise<ReadTables> {
  const answer = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(select)})`);
  const parsed = JSON.parse(withoutInfinities(String(answer.getRows()[0]![0]))) as SerializedSql;
  if (parsed.error) {
    if (parsed.error_type !== 'parser') throw new BadInput('sql must be a SELECT statement, got another');
    throw new BadInput(`sql cannot be answered: ${parsed.error_message}`);
  }
  const { functions, names, others } = partsOf(parsed);
  const refused = functions.find((name) => !READING_FUNCTIONS.has(name));
  if (refused !== undefined) throw new BadInput(`sql must call reading table functions only, got '${refused}'`);
  return { names, others: others || functions.some((name) => LISTING.test(name)) };
}

/** Table functions that list tables or their columns. */
const LISTING = /^(duckdb|pragma)_/;

/**
 * DuckDB writes the value of a literal beyond a double's range (`1e400`) as no JSON has it; nothing here looks at
 * values.
 */
function withoutInfinities(json: string): string {
  return json.replaceAll(/:-?Infinity(?=[,}])/g, ':null');
}

/** The fields of a node of a serialised statement that are read here. */
interface SqlNode {
  readonly type?: unknown;
  readonly function?: { readonly function_name?: unknown };
  readonly table_name?: unknown;
  readonly schema_name?: unknown;
  readonly catalog_name?: unknown;
}

/** Returns the table functions (lower case) and the tables anywhere in a serialised statement. */
function partsOf(statement: unknown): ReadTables & { readonly functions: readonly string[] } {
  const functions: string[] = [];
  const names = new Set<string>();
  let others = false;
  const left: unknown[] = [statement];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { type, function: called, table_name: name, schema_name: schema, catalog_name: catalog } = node as SqlNode;
    if (type === 'TABLE_FUNCTION') functions.push(String(called?.function_name).toLowerCase());
    if (type === 'BASE_TABLE') names.add(String(name).toLowerCase());
    if (type === 'SHOW_REF' || (type === 'BASE_TABLE' && (schema || catalog))) others = true;
    left.push(...Object.values(node));
  }
  return { functions, names, others };
}
