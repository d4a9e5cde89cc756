import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AthenaClient } from '@aws-sdk/client-athena';
import { type AthenaQueryEngineProps, athenaQueryEngine } from '../../../lib/adapters/aws/athena-query-engine.ts';

export type Json = Record<string, unknown>;
export type Answer = (input: Json, call: number) => Json;

/** Speaks Athena's JSON protocol: answers each operation by a function of its input and of how often it was asked. */
export async function startAthena(answers: Readonly<Record<string, Answer>>) {
  const calls: { operation: string; input: Json }[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const input = JSON.parse(body) as Json;
      calls.push({ operation, input });
      const answer = answers[operation]?.(input, calls.filter((call) => call.operation === operation).length) ?? {};
      const isError = typeof answer['__type'] === 'string';
      response.writeHead(isError ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new AthenaClient({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const sleeps: number[] = [];
  const clock = {
    nowMs: () => 0,
    sleep: async (ms: number) => {
      sleeps.push(ms);
    },
  };
  const engine = (more: Partial<AthenaQueryEngineProps> = {}) =>
    athenaQueryEngine({ database: 'candlelake', workgroup: 'lake', clock, client, ...more });
  const inputsOf = (operation: string) =>
    calls.filter((call) => call.operation === operation).map(({ input }) => input);
  const stop = () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { url, engine, calls, inputsOf, sleeps, stop };
}

export const START: Answer = () => ({ QueryExecutionId: 'q-1' });

/** An answer of GetQueryExecution. */
export function execution(State: string, more: Json = {}, status: Json = {}): Json {
  return {
    QueryExecution: { QueryExecutionId: 'q-1', StatementType: 'DML', Status: { State, ...status }, ...more },
  };
}

/** An answer of GetQueryResults. */
export function page(
  columns: readonly [string, string][],
  rows: readonly (string | undefined)[][],
  NextToken?: string,
): Json {
  return {
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: columns.map(([Name, Type]) => ({ Name, Type })) },
      Rows: rows.map((row) => ({ Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })) })),
    },
    ...(NextToken && { NextToken }),
  };
}
