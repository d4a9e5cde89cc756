import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { glueCatalogue } from '../../../lib/adapters/aws/glue-catalogue.ts';

/** Times that Glue refuses each kind of call before it answers. The SDK by itself tries three times. */
const REFUSALS = 8;

const ANSWERS: Readonly<Record<string, object>> = {
  GetTable: { Table: { Name: 'candles', StorageDescriptor: { Columns: [] } } },
  GetPartitions: { Partitions: [] },
  BatchCreatePartition: {},
  GetPartitionIndexes: {},
  CreatePartitionIndex: {},
};

const SET = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const SET_NAMES = [...Object.keys(SET), 'AWS_ENDPOINT_URL_GLUE'];
const before = { ...process.env };
const asked = new Map<string, number>();
const server = createServer((request: IncomingMessage, response) => {
  const call = String(request.headers['x-amz-target']).split('.').at(-1)!;
  const times = (asked.get(call) ?? 0) + 1;
  asked.set(call, times);
  request.resume();
  const isRefused = times <= REFUSALS;
  response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
  response.end(JSON.stringify(isRefused ? { __type: 'ThrottlingException', message: 'slow' } : ANSWERS[call]));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, SET, { AWS_ENDPOINT_URL_GLUE: `http://127.0.0.1:${port}` });
});
afterAll(() => {
  server.close();
  jest.restoreAllMocks();
  for (const name of SET_NAMES) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

test('a catalogue waits while Glue refuses its calls eight times, which the account’s rate may cause', async () => {
  // The SDK waits for a random part of a time that doubles: for no time here.
  jest.spyOn(Math, 'random').mockReturnValue(0);
  const partition = { market: 'um', symbol: 'BTCUSDT', interval: '1h', period: '2024' } as const;
  const notices: string[] = [];
  const catalogue = glueCatalogue('lake', 's3://lake', { onNotice: (line) => notices.push(line) });
  expect(await catalogue.addPartitions('candles', [partition])).toBe(1);
  expect(notices).toEqual([]);
  expect(Object.fromEntries(asked)).toEqual(
    Object.fromEntries(Object.keys(ANSWERS).map((call) => [call, REFUSALS + 1])),
  );
});
