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

/**
 * Sees that DuckDB itself takes the text for a SELECT (SHOW, DESCRIBE and PIVOT are some to it) that calls nothing but
 * reading table functions. Parses and runs nothing: some statements write while they are prepared.
 * @throws BadInput if it is another statement, or none
 */
export async function assertDuckdbReads(connection: DuckDBConnection, select: string): Promise<void> {
  const answer = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(select)})`);
  const parsed = JSON.parse(withoutInfinities(String(answer.getRows()[0]![0]))) as SerializedSql;
  if (parsed.error) {
    if (parsed.error_type !== 'parser') throw new BadInput('sql must be a SELECT statement, got another');
    throw new BadInput(`sql cannot be answered: ${parsed.error_message}`);
  }
  const refused = tableFunctions(parsed).find((name) => !READING_FUNCTIONS.has(name));
  if (refused !== undefined) throw new BadInput(`sql must call reading table functions only, got '${refused}'`);
}

/**
 * DuckDB writes the value of a literal beyond a double's range (`1e400`) as no JSON has it; nothing here looks at
 * values.
 */
function withoutInfinities(json: string): string {
  return json.replaceAll(/:-?Infinity(?=[,}])/g, ':null');
}

/** Names of the table functions anywhere in a serialised statement, lower case. */
function tableFunctions(statement: unknown): string[] {
  const names: string[] = [];
  const left: unknown[] = [statement];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { type, function: called } = node as { type?: unknown; function?: { function_name?: unknown } };
    if (type === 'TABLE_FUNCTION') names.push(String(called?.function_name).toLowerCase());
    left.push(...Object.values(node));
  }
  return names;
}
