import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { BadInput, EngineFailed } from '../../domain/errors.ts';
import type { Clock, QueryResult, ResultBatch, ResultStream, StreamingQueryEngine } from '../../ports.ts';
import { assertReads } from '../../query/assert-reads.ts';
import { isAthenaMistake } from './athena-mistakes.ts';
import { parseAthenaValue } from './athena-value.ts';

export interface AthenaQueryEngineProps {
  /** Glue database that unqualified table names mean. */
  readonly database: string;
  /** Workgroup, which sets where results go and how much a query may scan. */
  readonly workgroup: string;
  readonly clock: Clock;
  /**
   * Answers the same SQL from an earlier result that is not older than this many minutes, at no cost. Athena does not
   * look whether the data changed in between.
   * @default results are not reused
   */
  readonly reuseMinutes?: number;
  /**
   * Gives a query up, and stops it, after so many seconds.
   * @default 1800, Athena's own limit
   */
  readonly timeoutSec?: number;
  readonly client?: AthenaClient;
}

const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2_000;

/** SQL by Athena: starts the query, waits for it, reads all pages of its result. */
export function athenaQueryEngine(props: AthenaQueryEngineProps): StreamingQueryEngine {
  const athena: Athena = { ...props, client: props.client ?? new AthenaClient({}) };
  return {
    query: (sql) => query(athena, sql),
    stream: (sql) => stream(athena, sql),
    async close() {
      if (!props.client) athena.client.destroy();
    },
  };
}

type Athena = AthenaQueryEngineProps & { readonly client: AthenaClient };

async function query(athena: Athena, sql: string): Promise<QueryResult> {
  const execution = await run(athena, sql);
  let named: ColumnInfo[] = [];
  const rows: unknown[][] = [];
  for await (const page of pagesOf(athena, execution)) {
    named = page.columns;
    for (const row of page.rows) rows.push(named.map(({ Type }, i) => cellOf(row, Type!, i)));
  }
  return { columns: columnsOf(named), rows, ...costOf(execution) };
}

async function stream(athena: Athena, sql: string): Promise<ResultStream> {
  const execution = await run(athena, sql);
  const pages = pagesOf(athena, execution);
  const first = await pages.next();
  const columns = first.value?.columns ?? [];
  async function* batches(): AsyncGenerator<ResultBatch> {
    for (let page = first; !page.done; page = await pages.next()) {
      const { rows } = page.value;
      yield columns.map(({ Type }, i) => rows.map((row) => cellOf(row, Type!, i)));
    }
  }
  return { columns: columnsOf(columns), batches: batches(), ...costOf(execution) };
}

/** Runs a query to its end. Its rows are read afterwards. */
async function run(athena: Athena, sql: string): Promise<FinishedQuery> {
  assertReads(sql);
  try {
    return await finish(athena, await start(athena, sql));
  } catch (error) {
    // What Athena says of a query that it does not even start is the user's answer as well.
    if (error instanceof Error && error.name === 'InvalidRequestException') {
      throw new BadInput(`sql cannot be answered: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

interface FinishedQuery extends QueryExecution {
  readonly id: string;
}

async function start({ client, database, workgroup, reuseMinutes = 0 }: Athena, sql: string): Promise<string> {
  const answer = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      WorkGroup: workgroup,
      ...(reuseMinutes > 0 && {
        ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuseMinutes } },
      }),
    }),
  );
  return answer.QueryExecutionId!;
}

async function finish({ client, clock, timeoutSec = 1_800 }: Athena, id: string): Promise<FinishedQuery> {
  const deadlineMs = timeoutSec * 1_000;
  let waitedMs = 0;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS)) {
    const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const state = execution?.Status?.State;
    if (state === 'SUCCEEDED') return { ...execution, id };
    if (state === 'FAILED' || state === 'CANCELLED') throw failureOf(execution!);
    if (waitedMs >= deadlineMs) {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw new EngineFailed(`athena query ${id} was stopped, not finished after ${deadlineMs / 1_000} s`);
    }
    await clock.sleep(pollMs);
    waitedMs += pollMs;
  }
}

/** The pages of a result, each with the columns. */
async function* pagesOf({ client }: Athena, { id, StatementType }: FinishedQuery) {
  let columns: ColumnInfo[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
    columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
    const rows = page.ResultSet?.Rows ?? [];
    // Athena repeats the column names as the first row of a SELECT, and only of that.
    const isHead = token === undefined && StatementType === 'DML';
    yield { columns, rows: isHead ? rows.slice(1) : rows };
    token = page.NextToken;
  } while (token);
}

function columnsOf(columns: readonly ColumnInfo[]): QueryResult['columns'] {
  return columns.map(({ Name, Type }) => ({ name: Name!, type: Type! }));
}

function cellOf({ Data }: Row, type: string, column: number): unknown {
  return parseAthenaValue(type, Data?.[column]?.VarCharValue);
}

function costOf({ Statistics }: QueryExecution): Pick<QueryResult, 'scannedBytes' | 'reused'> {
  const scannedBytes = Statistics?.DataScannedInBytes;
  return {
    ...(scannedBytes !== undefined && { scannedBytes }),
    ...(Statistics?.ResultReuseInformation?.ReusedPreviousResult && { reused: true }),
  };
}

function failureOf({ QueryExecutionId, Status }: QueryExecution): BadInput | EngineFailed {
  const reason = Status?.StateChangeReason ?? Status?.AthenaError?.ErrorMessage ?? 'no reason given';
  if (isAthenaMistake(reason)) return new BadInput(`sql cannot be answered: ${reason}`);
  return new EngineFailed(`athena query ${QueryExecutionId} ${Status?.State?.toLowerCase()}: ${reason}`);
}
