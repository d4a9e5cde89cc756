import { readFileSync } from 'node:fs';
import { GetPartitionIndexesCommand } from '@aws-sdk/client-glue';
import { METRICS } from '../../lib/adapters/aws/metric-names.ts';
import { TABLES } from '../../lib/domain/tables.ts';
import { useOf } from '../../lib/lake/cost/aws-use.ts';
import type { Plan } from '../../lib/lake/plan/contract.ts';
import { candleWork } from '../../lib/lake/plan/plan-work.ts';
import { DAY_MS } from '../support/time.ts';
import { RECORDED } from './emulated-exchange.ts';
import { type EmulatedLake, PLANTED, startEmulatedLake, WATCH_LIST } from './emulated-lake.ts';
import { authorizationFor } from './emulator.ts';
import { historyOf } from './executions.ts';
import { bytesOf, parquetHashesOf, partitionsOf, putsOf, versionsOf } from './lake-objects.ts';

const OVER_BUDGET =
  /estimated cost must be at most the budget of \$0\.02 a run, got \$\d.* ask for fewer symbols or a shorter period/;

const NOW_MS = Date.parse('2024-05-03T10:00:05Z');

// One deployment for all: the tests are one story, in order.
let world: EmulatedLake;
beforeAll(async () => {
  world = await startEmulatedLake(NOW_MS);
});
afterAll(() => world?.close());

const run: EmulatedLake['run'] = (name, input) => world.run(name, input);

/** That what the bucket holds of the keys with the text in them is what a local run of the request makes. */
async function expectLocalBytes(holding: string, request: Parameters<EmulatedLake['localHashes']>[0]): Promise<void> {
  const found = await parquetHashesOf(world.lake, holding);
  expect(Object.keys(found).length).toBeGreaterThan(0);
  expect(found).toEqual(await world.localHashes(request));
}

async function reportOf(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(Buffer.from(await bytesOf(world.lake, `runs/${name}/report.json`)).toString());
}

/** Requests to the lake's bucket that were noted, and invocations of functions. */
const s3 = {
  invocations: 0,
  puts: 0,
  lists: 0,
  gets: 0,
  note({ method, path }: { readonly method: string; readonly path: string }): void {
    if (!path.startsWith(`/${world.lake.bucket}`)) return;
    if (method === 'PUT') this.puts++;
    else if (path.includes('list-type=2')) this.lists++;
    else if (method === 'GET') this.gets++;
  },
};

describe('the tables in the bucket are those of a local run, byte for byte', () => {
  test(`two months of ${RECORDED ? 'real' : 'seeded (no recorded data here)'} minutes, asked for by name`, async () => {
    const request = { symbols: ['FILUSDT'], interval: '1m', from: '2023-05-01', to: '2023-07-01' };
    const ended = await run('minutes', request);
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(ended.output!)).toMatchObject({
      runId: 'minutes',
      complete: true,
      summary: expect.stringContaining('87,840 candles'),
    });
    await expectLocalBytes('symbol=FILUSDT/', request);
  });

  test('the watch list, by the input {}, from monthly files, daily files and REST', async () => {
    world.exchange.requests.length = 0;
    const before = world.emulator.functions.invocations.length;
    world.emulator.hold = (request) => {
      s3.note(request);
      return undefined;
    };
    expect(await run('watch-list', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    world.emulator.hold = () => undefined;
    s3.invocations = world.emulator.functions.invocations.length - before;
    const asked = (pattern: RegExp) =>
      world.exchange.requests.some(({ path, status }) => status === 200 && pattern.test(path));
    for (const pattern of [/\/monthly\/.*zip$/, /\/daily\/.*zip$/, /\/klines\?/]) expect(asked(pattern)).toBe(true);
    const { symbols, interval, period } = WATCH_LIST;
    await expectLocalBytes('interval=15m/', { symbols, interval, period });
  });

  test('used of Lambda and S3 what its plan was priced by', async () => {
    const plan = JSON.parse(Buffer.from(await bytesOf(world.lake, 'runs/watch-list/plan.json')).toString()) as Plan;
    const priced = useOf(candleWork(plan.series, plan.chunks));
    expect(s3.invocations).toBe(priced.invocations);
    // Step Functions itself reads the items and results of maps. The emulator makes no request for that.
    expect(s3.gets).toBeLessThanOrEqual(priced.gets);
    expect(s3.gets).toBeGreaterThanOrEqual(priced.gets - 3);
    expect(s3.puts + s3.lists).toBeLessThanOrEqual(priced.puts);
    expect(s3.puts + s3.lists).toBeGreaterThanOrEqual(0.8 * (priced.puts - 6));
  });
});

test('glue lists the partitions of what is there, and no others', async () => {
  const versions = await versionsOf(world.lake);
  for (const table of TABLES) {
    const keys = versions.filter(({ key }) => key.startsWith(`${table}/`)).map(({ key }) => key);
    const folders = [...new Set(keys)].map(
      (key) => `s3://${world.lake.bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`,
    );
    expect(folders).toHaveLength(4);
    expect(await partitionsOf(world.lake.glue, world.lake.database, table)).toEqual(folders.sort());
  }
});

test('the tables have their partition indexes after two runs', async () => {
  for (const TableName of TABLES) {
    const { PartitionIndexDescriptorList = [] } = await world.lake.glue.send(
      new GetPartitionIndexesCommand({ DatabaseName: world.lake.database, TableName }),
    );
    expect(PartitionIndexDescriptorList.map(({ IndexName }) => IndexName)).toEqual(['by_series', 'by_period']);
  }
});

describe('what was done is not done again', () => {
  test('a second execution asks for no candles and puts no object, manifests and landing included', async () => {
    const before = await putsOf(world.lake);
    world.exchange.requests.length = 0;
    expect(await run('watch-list-again', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.exchange.requests.filter(({ path }) => /\.zip|klines\?/.test(path))).toEqual([]);
    expect(await putsOf(world.lake)).toEqual(before);
    expect(await reportOf('watch-list-again')).toMatchObject({
      complete: true,
      fetchedChunks: 0,
      recomputedShards: 0,
      partitionsAdded: 0,
    });
  });

  test('a schedule that delivers twice at once gives the lake of one delivery, a third changes nothing', async () => {
    world.advance(DAY_MS);
    const both = await Promise.all([run('tuesday', '{}'), run('tuesday-duplicate', '{}')]);
    expect(both.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const before = await putsOf(world.lake);
    expect(await run('tuesday-late', '{}')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await putsOf(world.lake)).toEqual(before);
    // A lake built a day earlier begins a day earlier; a run from scratch of that range is what it must equal.
    const { symbols, interval } = WATCH_LIST;
    await expectLocalBytes('interval=15m/', { symbols, interval, from: '2024-03-04T10:00Z' });
  });

  test('the same execution delivered twice is one execution', async () => {
    const { executionArn } = world.executions.find(({ name }) => name === 'tuesday')!;
    const before = await putsOf(world.lake);
    const again = await run('tuesday', '{}').catch((error: Error) => error);
    if (again instanceof Error) expect(again.message).toContain('ExecutionAlreadyExists');
    else expect(again.executionArn).toBe(executionArn);
    expect(await putsOf(world.lake)).toEqual(before);
  });
});

test('two executions at once for one series lose nothing, also if the first to look writes last', async () => {
  const series = { symbols: ['SOLUSDT'], interval: '1h' };
  const ended = { march: () => {}, held: () => {} };
  const aprilEnded = new Promise<void>((resolve) => {
    ended.march = resolve;
  });
  const marchIsHeld = new Promise<void>((resolve) => {
    ended.held = resolve;
  });
  let holding = true;
  world.emulator.hold = ({ method, path }) => {
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
  await expectLocalBytes('symbol=SOLUSDT/', { ...series, from: '2024-03-01', to: '2024-05-01' });
});

describe('a wrong input fails in the first state, at once, and says what to write instead', () => {
  test.each([
    ['{"interval":"7m"}', /interval must be one of 1m 3m 5m .*got '7m'/],
    ['{"symbols":"BTCUSDT"}', /symbols must be an array of names, got \\?"BTCUSDT/],
    ['{"perod":"1y"}', /request field must be one of market symbols .*got 'perod'/],
    ['{"symbols":["BTCUSTD"]}', /BTCUSTD/],
    ['[]', /request must be an object, got \[\]/],
    ['"BTCUSDT"', /request must be an object, got \\?"BTCUSDT/],
    ['{"symbols":[]}', /symbols must be at least one name such as BTCUSDT, or 'all', got none/],
    ['{"market":"futures"}', /market must be one of um, cm, spot, sim, got 'futures'/],
    ['{"period":"soon"}', /period must be a number and d, w, m or y such as 30d, 6m, 1y.*got 'soon'/],
    ['{"from":"2024-02-01","period":"1y"}', /range must be given by period or by from, got both/],
    ['{"from":"2024-03-01","to":"2024-02-01"}', /from must be before to/],
    ['{"from":"2030-01-01"}', /range must begin before now, 2024-05-04T/],
    // More than its budget: nothing is fetched, nothing written.
    ['{"symbols":["all"],"interval":"1m","period":"4y"}', OVER_BUDGET],
  ])('%s', async (input, message) => {
    const before = world.emulator.functions.invocations.length;
    const ended = await run(`wrong-${world.executions.length}`, input);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'BadInput' });
    expect(JSON.parse(ended.cause!).errorMessage).toMatch(message);
    expect(world.emulator.functions.invocations).toHaveLength(before + 1);
  });
});

describe('a chunk that cannot be fetched', () => {
  const request = { symbols: ['BNBUSDT'], interval: '1h', from: '2024-02-01', to: '2024-05-04' };

  test('ends the run with RunIncomplete, which names it; the rest is in the lake', async () => {
    world.exchange.faults.add({ kind: 'missing_file', match: 'BNBUSDT-1h-2024-03' });
    const ended = await run('broken', request);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'RunIncomplete' });
    expect(ended.cause).toContain('um/BNBUSDT/1h');
    expect(ended.cause).toContain('2024-03');
    expect(Object.keys(await parquetHashesOf(world.lake, 'symbol=BNBUSDT/'))).toHaveLength(TABLES.length);
  });

  test('is fetched by the next run, and the lake is as if nothing had been', async () => {
    world.exchange.faults.clear();
    expect(await run('mended', request)).toMatchObject({ status: 'SUCCEEDED' });
    await expectLocalBytes('symbol=BNBUSDT/', request);
  });
});

test('a sandbox that dies in the middle of a series is replaced, and the series goes on', async () => {
  const request = { symbols: ['ADAUSDT'], interval: '1h', from: '2024-03-01', to: '2024-04-01' };
  const { deployed, functions } = world.emulator;
  const refine = [...deployed.keys()].find((name) => name.includes('Refine'))!;
  let killed = false;
  world.emulator.hold = ({ method, path }) => {
    if (killed || method !== 'PUT' || !path.includes('/features/')) return undefined;
    killed = true;
    functions.kill(refine);
    return undefined;
  };
  expect(await run('out-of-memory', request)).toMatchObject({ status: 'SUCCEEDED' });
  const died = functions.invocations.filter(({ payload }) => payload.includes('Runtime.ExitError'));
  expect(died.map(({ functionName }) => functionName)).toEqual([refine]);
  await expectLocalBytes('symbol=ADAUSDT/', request);
});

test('where the exchange refuses the region, the archive alone is used and the report says so', async () => {
  world.exchange.faults.add({ kind: 'status', status: 451, match: '/fapi/' });
  const request = { symbols: ['XRPUSDT'], interval: '1h', from: '2024-03-01', to: '2024-04-01' };
  expect(await run('refused-region', request)).toMatchObject({ status: 'SUCCEEDED' });
  expect((await reportOf('refused-region'))['notices']).toContainEqual(expect.stringContaining('451'));
  world.exchange.faults.clear();
  // The ledger has less to go by: what REST says of the symbol's life, and the candles that it alone would have had.
  for (const table of ['candles', 'features', 'labels']) {
    const prefix = `${table}/market=um/symbol=XRPUSDT/`;
    const local = Object.entries(await world.localHashes(request)).filter(([key]) => key.startsWith(prefix));
    expect(local).toHaveLength(1);
    expect(await parquetHashesOf(world.lake, prefix)).toEqual(Object.fromEntries(local));
  }
});

test('the input that the README gives does what it says', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const input = /\{"symbols":\["BTCUSDT"\],"interval":"15m","period":"1y"\}/.exec(readme)![0];
  expect(await run('readme', input)).toMatchObject({ status: 'SUCCEEDED' });
  await expectLocalBytes('symbol=BTCUSDT/', { symbols: ['BTCUSDT'], interval: '15m', period: '1y' });
});

test('the API key was read, and stands in no log, history, event, result or object', async () => {
  expect(world.emulator.targets).toContain('AmazonSSM.GetParameters');
  const texts = new Map([['log of the functions', world.emulator.functions.log()]]);
  for (const { executionArn, name } of world.executions)
    texts.set(`history of ${name}`, await historyOf(world.emulator, executionArn));
  for (const { event, payload } of world.emulator.functions.invocations) {
    texts.set(`event ${texts.size}`, JSON.stringify(event)).set(`result ${texts.size}`, payload);
  }
  for (const { environment, name } of world.emulator.deployed.values()) texts.set(name, JSON.stringify(environment));
  for (const { key, versionId } of await versionsOf(world.lake)) {
    texts.set(`${key} ${versionId}`, Buffer.from(await bytesOf(world.lake, key, versionId)).toString('latin1'));
  }
  expect(texts.size).toBeGreaterThan(100);
  const holding = [...texts]
    .filter(([, text]) => Object.values(PLANTED).some((secret) => text.includes(secret)))
    .map(([where]) => where);
  expect(holding).toEqual([]);
});

describe('what the functions say of themselves', () => {
  type Line = Record<string, unknown> & { readonly _aws?: unknown; readonly stage?: string };
  const lines = () =>
    world.emulator.functions
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  test('every log line has its stage and run, and the series and chunks that it is about', () => {
    const logs = lines().filter((line) => line._aws === undefined);
    expect(logs.length).toBeGreaterThan(50);
    const without = (stage: string, ...fields: string[]) =>
      logs.filter((line) => line.stage === stage && fields.some((field) => typeof line[field] !== 'string'));
    expect(logs.filter((line) => !['plan', 'fetch', 'refine', 'catalogue'].includes(line.stage!))).toEqual([]);
    expect(logs.filter((line) => typeof line['runId'] !== 'string')).toEqual([]);
    expect(without('fetch', 'batch', 'series', 'chunks')).toEqual([]);
    expect(without('refine', 'series')).toEqual([]);
    const failed = logs.find((line) => line['message'] === 'stage failed' && line['runId'] === 'broken')!;
    expect(failed['chunks']).toContain('um/BNBUSDT/1h archive_monthly 2024-03');
  });

  test('every metric has been counted, of the whole lake and the newest candle of each series', () => {
    const counted = lines().filter((line) => line._aws !== undefined);
    for (const name of Object.values(METRICS).flat()) {
      // Nobody limits us here, and nothing is damaged on its way: test/adapters/aws/telemetry.test.ts has these two.
      if (name === 'ExchangeBusy' || name === 'ChecksumFailures') continue;
      // No audit is run here.
      if (METRICS.audit.some((one) => one === name)) continue;
      expect({
        name,
        counted: counted.some((line) => typeof line[name] === 'number' || Array.isArray(line[name])),
      }).toEqual({
        name,
        counted: true,
      });
    }
    const ages = counted.filter((line) => line['series'] !== undefined && line['NewestCandleAge'] !== undefined);
    expect(new Set(ages.map((line) => line['series']))).toContain('um/BTCUSDT/15m');
  });
});

test('the topic of the alarms exists under the name of the stack', async () => {
  // SNS speaks forms, not JSON, and its client is no dependency. moto makes no subscription of a stack.
  const form = new URLSearchParams({
    Action: 'GetTopicAttributes',
    TopicArn: world.lake.alarmTopicArn,
    Version: '2010-03-31',
  });
  const authorization = authorizationFor('sns');
  const answer = await fetch(world.emulator.url, { method: 'POST', headers: { authorization }, body: form });
  expect({ status: answer.status, text: await answer.text() }).toEqual({
    status: 200,
    text: expect.stringContaining(`<value>${world.lake.alarmTopicArn}</value>`),
  });
});

test('no state passes on more than Step Functions carries', () => {
  const sizes = world.emulator.functions.invocations.flatMap(({ event, payload }) => [
    Buffer.byteLength(JSON.stringify(event)),
    Buffer.byteLength(payload),
  ]);
  expect(sizes.length).toBeGreaterThan(20);
  expect(Math.max(...sizes)).toBeLessThan(262_144);
});
