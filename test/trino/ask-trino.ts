import { parseAthenaValue } from '../../lib/adapters/aws/athena-value.ts';
import type { QueryResult } from '../../lib/ports.ts';
import { CATALOGUE } from './trino-server.ts';

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message: string };
  readonly stats?: { readonly physicalInputBytes: number };
}

/** The answer, and the bytes of the lake that were read for it. */
export interface TrinoResult extends QueryResult {
  readonly readBytes: number;
}

/** Asks a Trino server over its HTTP protocol; values as `QueryResult` has them. */
export async function askTrino(url: string, schema: string, sql: string): Promise<TrinoResult> {
  const headers = {
    'x-trino-user': 'test',
    'x-trino-catalog': CATALOGUE,
    'x-trino-schema': schema,
    'x-trino-time-zone': 'UTC',
  };
  let page = (await (await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })).json()) as Page;
  let columns: Page['columns'] = [];
  const rows: unknown[][] = [];
  for (;;) {
    if (page.error) throw new Error(`trino: ${page.error.message}\n${sql.slice(0, 2_000)}`);
    columns = page.columns ?? columns;
    for (const row of page.data ?? []) rows.push(row.map((value, i) => parse(columns?.[i]?.type ?? '', value)));
    if (!page.nextUri) return { columns: columns ?? [], rows, readBytes: page.stats?.physicalInputBytes ?? 0 };
    page = (await (await fetch(page.nextUri, { headers })).json()) as Page;
  }
}

/** Trino sends times as text, as Athena does, and numbers as numbers. A real has as few digits as distinguish it. */
function parse(type: string, value: unknown): unknown {
  if (type === 'real' && typeof value === 'number') return Math.fround(value);
  return typeof value === 'string' ? parseAthenaValue(type, value) : value;
}
