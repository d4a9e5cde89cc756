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
import type { Clock, QueryResult, ResultBatch, StreamingQueryEngine } from '../../ports.ts';
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
  const client = props.client ?? new AthenaClient({});

  async function start(sql: string): Promise<string> {
    const maxAge = props.reuseMinutes ?? 0;
    const answer = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: props.database },
        WorkGroup: props.workgroup,
        ...(maxAge > 0 && {
          ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: maxAge } },
        }),
      }),
    );
    return answer.QueryExecutionId!;
  }

  async function finish(id: string): Promise<QueryExecution> {
    const deadlineMs = (props.timeoutSec ?? 1_800) * 1_000;
    let waitedMs = 0;
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS)) {
      const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      const state = execution?.Status?.State;
      if (state === 'SUCCEEDED') return execution!;
      if (state === 'FAILED' || state === 'CANCELLED') throw failureOf(execution!);
      if (waitedMs >= deadlineMs) {
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
        throw new EngineFailed(`athena query ${id} was stopped, not finished after ${deadlineMs / 1_000} s`);
      }
      await props.clock.sleep(pollMs);
      waitedMs += pollMs;
    }
  }

  /** The pages of a result, each with the columns. */
  async function* pagesOf(id: string, execution: QueryExecution) {
    let columns: ColumnInfo[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: token }));
      columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
      const rows = page.ResultSet?.Rows ?? [];
      // Athena repeats the column names as the first row of a SELECT, and only of that.
      const isHead = token === undefined && execution.StatementType === 'DML';
      yield { columns, rows: isHead ? rows.slice(1) : rows };
      token = page.NextToken;
    } while (token);
  }

  /** Runs a query to its end; its rows are still to be read. */
  async function run(sql: string): Promise<{ id: string; execution: QueryExecution }> {
    assertReads(sql);
    try {
      const id = await start(sql);
      return { id, execution: await finish(id) };
    } catch (error) {
      // What Athena says of a query that it does not even start is the user's answer as well.
      if (error instanceof Error && error.name === 'InvalidRequestException') {
        throw new BadInput(`sql cannot be answered: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  return {
    async query(sql) {
      const { id, execution } = await run(sql);
      let named: ColumnInfo[] = [];
      const rows: unknown[][] = [];
      for await (const page of pagesOf(id, execution)) {
        named = page.columns;
        for (const row of page.rows) rows.push(named.map(({ Type }, i) => cellOf(row, Type!, i)));
      }
      return { columns: columnsOf(named), rows, ...costOf(execution) };
    },
    async stream(sql) {
      const { id, execution } = await run(sql);
      const pages = pagesOf(id, execution);
      const first = await pages.next();
      const columns = first.value?.columns ?? [];
      async function* batches(): AsyncGenerator<ResultBatch> {
        for (let page = first; !page.done; page = await pages.next()) {
          const { rows } = page.value;
          yield columns.map(({ Type }, i) => rows.map((row) => cellOf(row, Type!, i)));
        }
      }
      return { columns: columnsOf(columns), batches: batches(), ...costOf(execution) };
    },
    async close() {
      if (!props.client) client.destroy();
    },
  };
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
