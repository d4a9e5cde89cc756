import { S3Client } from '@aws-sdk/client-s3';
import { S3_PATIENCE, s3ObjectStore } from '../../lib/adapters/aws/s3-object-store.ts';
import { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
import { type MisbehavingS3, type S3Asked, startMisbehavingS3 } from '../adapters/aws/misbehaving-s3.ts';
import { differences, lakeFaults, withoutSameStories } from '../support/lake-faults.ts';
import { type ChaosRun, type ChaosWorld, startChaos } from './chaos-world.ts';
import { STORE_REACH, scheduleOf } from './schedule.ts';
import { STORE_KINDS, type StoreFault } from './store-fault.ts';

let world: ChaosWorld;
let whole: MemoryStore;
let undisturbed: ChaosRun;
beforeAll(async () => {
  world = await startChaos();
  whole = memoryStore();
  undisturbed = await world.run(whole, { runId: 'undisturbed' });
});
afterAll(() => world.close());

/** Returns the differences from the lake of an undisturbed run. A ledger may also contain the failure. */
async function unlikeWhole(lake: MemoryStore): Promise<string[]> {
  return withoutSameStories(differences(lake, whole), lake, whole);
}

const versionsIn = (lake: MemoryStore) => [...lake.objects.keys()].filter((key) => key.startsWith('versions/')).length;

/** One run in which the fault strikes, and a clean one after it. */
async function disturbed(fault: StoreFault): Promise<{ struck: ChaosRun; clean: ChaosRun; lake: MemoryStore }> {
  const before = world.struck.get(fault.kind) ?? 0;
  const lake = memoryStore();
  const struck = await world.run(lake, { runId: 'disturbed', store: [fault] });
  expect(world.struck.get(fault.kind)).toBeGreaterThan(before);
  expect([...struck.violations, ...(await lakeFaults(lake))]).toEqual([]);
  const clean = await world.run(lake, { runId: 'clean' });
  expect([...clean.violations, ...(await lakeFaults(lake))]).toEqual([]);
  expect(clean.report).toMatchObject({ complete: true, failures: [] });
  expect(await unlikeWhole(lake)).toEqual([]);
  return { struck, clean, lake };
}

const ETH = 'um/ETHUSDT/1h';

describe('the answer to one put is lost, and the object is there', () => {
  // Without a report a run has ended before it could say more than its error.
  test.each<[string, string, readonly string[] | 'no report']>([
    ['the plan', 'plan.json', 'no report'],
    ['the results of a map', 'SUCCEEDED_0.json', 'no report'],
    ['landed bytes', '2024-01-02/afb53948', [`${ETH} archive_daily 2024-01-02`]],
  ])('%s: the run says that it failed; the next one completes the lake to the same bytes', async (_, match, failed) => {
    const { struck } = await disturbed({ kind: 'lost_response', from: 1, times: 1, match });
    expect(struck.outcome.status).toBe('FAILED');
    expect(struck.report?.failures.map(({ name }) => name) ?? 'no report').toEqual(failed);
  });

  test.each(['checkpoints', 'versions', 'manifests'])(
    'an object of %s: the shard is put again, to the same bytes, and that is one version of it',
    async (what) => {
      const match = `${what}/market=um/symbol=ETHUSDT`;
      const { struck, lake } = await disturbed({ kind: 'lost_response', from: 1, times: 1, match });
      expect(struck.outcome.status).toBe('FAILED');
      expect(struck.report?.failures.map(({ name }) => name)).toEqual([ETH]);
      expect(versionsIn(lake)).toBe(versionsIn(whole));
    },
  );

  test('all receipts: what has landed so counts, and is not asked for again', async () => {
    const { struck, clean } = await disturbed({ kind: 'lost_response', from: 1, times: 99, match: '.receipt.json' });
    expect(struck.report).toMatchObject({ complete: true, failures: [] });
    expect(undisturbed.requests.filter((path) => path.endsWith('.zip'))).toHaveLength(6);
    expect(clean.requests.filter((path) => path.endsWith('.zip'))).toEqual([]);
  });
});

describe('a store that is throttled, with nobody between who asks again', () => {
  test.each<[string, string, readonly string[] | 'no report']>([
    ['while the plan looks at what has landed', 'landing/', 'no report'],
    [
      'while landed bytes are put',
      'symbol=BTCUSDT/interval=1h/open=20240103T000000Z/source=rest',
      ['um/BTCUSDT/1h rest 20240103T000000Z-20240103T090000Z'],
    ],
    ['while a shard is read', 'manifests/market=um/symbol=ETHUSDT', [ETH]],
    ['while a shard is put', 'features/market=um/symbol=ETHUSDT', [ETH]],
  ])('%s: the run names what failed of it; the next one completes the lake', async (_, match, failed) => {
    const { struck } = await disturbed({ kind: 'throttled', from: 1, times: 99, match });
    expect(struck.outcome.status).toBe('FAILED');
    const failures = struck.report?.failures;
    expect(failures?.map(({ name }) => name) ?? 'no report').toEqual(failed);
    for (const { error } of failures ?? []) expect(error).toBe('SlowDown');
  });
});

type StruckKind = 'refused' | 'reset' | 'lost_response' | 'cut_body';

describe('over S3 itself', () => {
  const { random } = Math;
  let bucket: MisbehavingS3;
  let client: S3Client;
  beforeEach(async () => {
    // The SDK's pauses between attempts are random parts of ever longer times; the smallest part is zero.
    Math.random = () => 0;
    bucket = await startMisbehavingS3(7);
    client = new S3Client({
      ...S3_PATIENCE,
      endpoint: bucket.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  });
  afterEach(() => {
    client.destroy();
    bucket.close();
    Math.random = random;
  });

  test('throttled on every third request, answers lost and bodies cut: complete at once, the same bytes', async () => {
    const often = { refused: 0, reset: 0, lost_response: 0, cut_body: 0 };
    bucket.fault = (asked) => {
      const kind = misbehaviour(asked, often.cut_body);
      if (kind) often[kind]++;
      return kind === 'refused' ? { kind, status: 503, code: 'SlowDown' } : kind && { kind };
    };
    const lake: MemoryStore = {
      ...s3ObjectStore('lake', client),
      get objects() {
        return new Map([...bucket.objects].map(([name, bytes]) => [name.slice('lake/'.length), bytes]));
      },
    };
    const { report, violations } = await world.run(lake, { runId: 'run' });
    expect({ violations, report }).toMatchObject({ violations: [], report: { complete: true, failures: [] } });
    expect(await lakeFaults(lake)).toEqual([]);
    expect(differences(lake, whole)).toEqual([]);
    expect(Object.entries(often).filter(([, count]) => count < 5)).toEqual([]);
  });
});

/** Never so often to one request that no attempt is left. */
function misbehaviour({ operation, nth, attempt }: S3Asked, cutSoFar: number): StruckKind | undefined {
  if (attempt === 1 && nth % 3 === 0) return 'refused';
  if (attempt === 1 && nth % 5 === 0) return operation === 'put' ? 'lost_response' : 'reset';
  return operation === 'get' && nth % 4 === 0 && cutSoFar < S3_PATIENCE.maxAttempts - 1 ? 'cut_body' : undefined;
}

test('the seeded schedules reach every operation of an undisturbed run, and few that are not there', () => {
  const { put, get, list } = undisturbed.operations;
  for (const [reach, count] of [
    [STORE_REACH.put, put],
    [STORE_REACH.get, get],
    [STORE_REACH.list, list],
    [STORE_REACH.any, put + get + list],
  ] as const) {
    expect(reach).toBeGreaterThanOrEqual(count);
    expect(reach).toBeLessThan(count * 1.25);
  }
  const kinds = Array.from({ length: 300 }, (_, seed) => scheduleOf(seed)).flatMap(({ runs }) =>
    runs.flatMap(({ store }) => store.map(({ kind }) => kind)),
  );
  expect(new Set(kinds)).toEqual(new Set(STORE_KINDS));
});
