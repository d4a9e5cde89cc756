import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { TABLES } from '../../lib/domain/keys.ts';
import { parquetHashes } from '../end-to-end/parquet-of.ts';
import { runLake } from '../end-to-end/run-lake.ts';
import { temporaryFolder } from '../end-to-end/temporary-folder.ts';
import { type Exchange, startExchange } from '../exchange/exchange.ts';
import { type Deployment, deploy } from './deploy.ts';
import { emulatedCandles } from './emulated-exchange.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type Execution, execute, historyOf } from './executions.ts';
import { bytesOf, parquetHashesOf, partitionsOf, putsOf, versionsOf } from './lake-objects.ts';

const DAY_MS = 86_400_000;
const WATCH_LIST = { market: 'um', symbols: ['BTCUSDT', 'ETHUSDT'], interval: '15m', period: '60d' };
const KEY = 'planted-api-key-6f1d0c';
const SECRET = 'planted-secret-key-93ab27';

let nowMs = Date.parse('2024-05-03T10:00:05Z');
let exchange: Exchange;
let emulator: Emulator;
let lake: Deployment;
let recorded: boolean;
const executions: Execution[] = [];

beforeAll(async () => {
  const source = await emulatedCandles();
  recorded = source.recorded;
  exchange = await startExchange({ candles: source.candles, nowMs: () => nowMs });
  emulator = await startEmulator();
  lake = await deploy(emulator, temporaryFolder(), {
    exchange: { restUrl: exchange.url, archiveUrl: exchange.url },
    watchList: WATCH_LIST,
  });
  const secrets = { '/candlelake/binance/api-key': KEY, '/candlelake/binance/secret-key': SECRET };
  for (const [Name, Value] of Object.entries(secrets)) {
    await lake.ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
});
afterAll(async () => {
  await emulator?.close();
  await exchange?.close();
});

/** Runs the state machine on an input as typed into the console. */
async function run(name: string, input: string | object): Promise<Execution> {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const execution = await execute(emulator, lake.stateMachineArn, name, text);
  executions.push(execution);
  return execution;
}

/** sha256 of the Parquet that the command line makes of the same exchange in an empty folder. */
async function localHashes(...args: string[]): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  const ended = await runLake(['run', '--lake', folder, '--json', ...args], { exchangeUrl: exchange.url });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return parquetHashes(folder);
}

const localWatchList = () =>
  localHashes('--symbols', WATCH_LIST.symbols.join(','), '--interval', '15m', '--period', '60d');

describe('the tables in the bucket are those of a local run, byte for byte', () => {
  test('two months of minutes, asked for by name', async () => {
    if (!recorded) process.stderr.write('seeded minutes: no recorded market data is here\n');
    const ended = await run('minutes', { symbols: ['FILUSDT'], interval: '1m', from: '2023-05-01', to: '2023-07-01' });
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(ended.output!)).toMatchObject({
      runId: 'minutes',
      complete: true,
      summary: expect.stringContaining('87,840 candles'),
    });
    const found = await parquetHashesOf(lake, 'symbol=FILUSDT/');
    expect(Object.keys(found)).toHaveLength(6);
    const args = ['--symbols', 'FILUSDT', '--interval', '1m', '--from', '2023-05-01', '--to', '2023-07-01'];
    expect(found).toEqual(await localHashes(...args));
  });

  test('the watch list, by the input {}, from monthly files, daily files and REST', async () => {
    exchange.requests.length = 0;
    expect(await run('watch-list', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    const asked = (pattern: RegExp) =>
      exchange.requests.some(({ path, status }) => status === 200 && pattern.test(path));
    for (const pattern of [/\/monthly\/.*zip$/, /\/daily\/.*zip$/, /\/klines\?/]) expect(asked(pattern)).toBe(true);
    const found = await parquetHashesOf(lake, 'interval=15m/');
    expect(Object.keys(found)).toHaveLength(6);
    expect(found).toEqual(await localWatchList());
  });
});

test('glue lists the partitions of what is there, and no others', async () => {
  const versions = await versionsOf(lake);
  for (const table of TABLES) {
    const keys = versions.filter(({ key }) => key.startsWith(`${table}/`)).map(({ key }) => key);
    const folders = [...new Set(keys)].map((key) => `s3://${lake.bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`);
    expect(folders).toHaveLength(4);
    expect(await partitionsOf(lake.glue, lake.database, table)).toEqual(folders.sort());
  }
});

describe('what was done is not done again', () => {
  test('a second execution asks for no candles and puts no object, manifests and landing included', async () => {
    const before = await putsOf(lake);
    exchange.requests.length = 0;
    expect(await run('watch-list-again', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    expect(exchange.requests.filter(({ path }) => /\.zip|klines\?/.test(path))).toEqual([]);
    expect(await putsOf(lake)).toEqual(before);
    const report = JSON.parse(Buffer.from(await bytesOf(lake, 'runs/watch-list-again/report.json')).toString());
    expect(report).toMatchObject({ complete: true, fetchedChunks: 0, recomputedShards: 0, partitionsAdded: 0 });
  });

  test('a schedule that delivers twice at once makes the lake of one delivery, and a third changes nothing', async () => {
    nowMs += DAY_MS;
    const both = await Promise.all([run('tuesday', '{}'), run('tuesday-duplicate', '{}')]);
    expect(both.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const before = await putsOf(lake);
    expect(await run('tuesday-late', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await putsOf(lake)).toEqual(before);
    // A lake built a day earlier begins a day earlier; a run from scratch of that range is what it must equal.
    const from = new Date(Date.parse('2024-05-03T10:00Z') - 60 * DAY_MS).toISOString();
    const local = await localHashes('--symbols', WATCH_LIST.symbols.join(','), '--interval', '15m', '--from', from);
    expect(await parquetHashesOf(lake, 'interval=15m/')).toEqual(local);
  });

  test('the same execution delivered twice is one execution', async () => {
    const { executionArn } = executions.find(({ name }) => name === 'tuesday')!;
    const before = await putsOf(lake);
    const again = await run('tuesday', '{}').catch((error: Error) => error);
    if (again instanceof Error) expect(again.message).toContain('ExecutionAlreadyExists');
    else expect(again.executionArn).toBe(executionArn);
    expect(await putsOf(lake)).toEqual(before);
  });
});

test('two executions at once for one series lose nothing, also where the first to look is the last to write', async () => {
  const series = { symbols: ['SOLUSDT'], interval: '1h' };
  const ended = { march: () => {}, held: () => {} };
  const aprilEnded = new Promise<void>((resolve) => {
    ended.march = resolve;
  });
  const marchIsHeld = new Promise<void>((resolve) => {
    ended.held = resolve;
  });
  let holding = true;
  emulator.hold = ({ method, path }) => {
    if (!holding || method !== 'PUT' || !/\/candles\/.*symbol=SOLUSDT/.test(path)) return undefined;
    holding = false;
    ended.held();
    return aprilEnded;
  };
  const march = run('march', { ...series, from: '2024-03-01', to: '2024-04-01' });
  await marchIsHeld;
  const april = await run('april', { ...series, from: '2024-04-01', to: '2024-05-01' });
  ended.march();
  expect([await march, april].map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  const args = ['--symbols', 'SOLUSDT', '--interval', '1h', '--from', '2024-03-01', '--to', '2024-05-01'];
  expect(await parquetHashesOf(lake, 'symbol=SOLUSDT/')).toEqual(await localHashes(...args));
});

describe('a wrong input fails in the first state, at once, and says what to write instead', () => {
  test.each([
    ['{"interval":"7m"}', /interval must be one of 1m 3m 5m .*got '7m'/],
    ['{"symbols":"BTCUSDT"}', /symbols must be an array of names, got \\?"BTCUSDT/],
    ['{"perod":"1y"}', /request field must be one of market symbols .*got 'perod'/],
    ['{"symbols":["BTCUSTD"]}', /BTCUSTD/],
    ['[]', /request must be an object, got \[\]/],
  ])('%s', async (input, message) => {
    const before = emulator.functions.invocations.length;
    const ended = await run(`wrong-${executions.length}`, input);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'BadInput' });
    expect(JSON.parse(ended.cause!).errorMessage).toMatch(message);
    expect(emulator.functions.invocations).toHaveLength(before + 1);
  });
});

describe('a chunk that cannot be had', () => {
  const request = { symbols: ['BNBUSDT'], interval: '1h', from: '2024-02-01', to: '2024-05-04' };

  test('ends the run with RunIncomplete, which names it; the rest is in the lake', async () => {
    exchange.faults.add({ kind: 'missing_file', match: 'BNBUSDT-1h-2024-03' });
    const ended = await run('broken', request);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'RunIncomplete' });
    expect(ended.cause).toContain('um/BNBUSDT/1h');
    expect(ended.cause).toContain('2024-03');
    expect(Object.keys(await parquetHashesOf(lake, 'symbol=BNBUSDT/'))).toHaveLength(3);
  });

  test('is fetched by the next run, and the lake is as if nothing had been', async () => {
    exchange.faults.clear();
    expect(await run('mended', request)).toMatchObject({ status: 'SUCCEEDED' });
    const args = ['--symbols', 'BNBUSDT', '--interval', '1h', '--from', request.from, '--to', request.to];
    expect(await parquetHashesOf(lake, 'symbol=BNBUSDT/')).toEqual(await localHashes(...args));
  });
});

test('the API key was read, and stands in no log, history, event, result or object', async () => {
  expect(emulator.targets).toContain('AmazonSSM.GetParameters');
  const texts = new Map([['log of the functions', emulator.functions.log()]]);
  for (const { executionArn, name } of executions)
    texts.set(`history of ${name}`, await historyOf(emulator, executionArn));
  for (const { event, payload } of emulator.functions.invocations) {
    texts.set(`event ${texts.size}`, JSON.stringify(event)).set(`result ${texts.size}`, payload);
  }
  for (const { environment, name } of emulator.deployed.values()) texts.set(name, JSON.stringify(environment));
  for (const { key, versionId } of await versionsOf(lake)) {
    texts.set(`${key} ${versionId}`, Buffer.from(await bytesOf(lake, key, versionId)).toString('latin1'));
  }
  expect(texts.size).toBeGreaterThan(100);
  const holding = [...texts].filter(([, text]) => text.includes(KEY) || text.includes(SECRET)).map(([where]) => where);
  expect(holding).toEqual([]);
});

test('no state passes on more than Step Functions carries', () => {
  const sizes = emulator.functions.invocations.flatMap(({ event, payload }) => [
    Buffer.byteLength(JSON.stringify(event)),
    Buffer.byteLength(payload),
  ]);
  expect(sizes.length).toBeGreaterThan(20);
  expect(Math.max(...sizes)).toBeLessThan(262_144);
});
