import { S3Client } from '@aws-sdk/client-s3';
import { S3_PATIENCE, s3ObjectStore } from '../../../lib/adapters/aws/s3-object-store.ts';
import type { PrunableStore } from '../../../lib/ports.ts';
import {
  type MisbehavingS3,
  type S3Asked,
  type S3Fault,
  type S3Operation,
  startMisbehavingS3,
} from './misbehaving-s3.ts';

const BYTES = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
const KEY = 'candles/market=um/symbol=BTCUSDT/interval=1h/period=2024/candles.parquet';
const ATTEMPTS = 8;

const { random } = Math;
let bucket: MisbehavingS3;
let client: S3Client;
let store: PrunableStore;
beforeEach(async () => {
  // The SDK's pauses between attempts are random parts of ever longer times; the smallest part is 0.
  Math.random = () => 0;
  bucket = await startMisbehavingS3(2);
  client = new S3Client({
    ...S3_PATIENCE,
    // A part of the silence that S3 is allowed, but half a second: a busy machine may stop this process for a while.
    requestHandler: { ...S3_PATIENCE.requestHandler, socketTimeout: S3_PATIENCE.requestHandler.socketTimeout / 120 },
    endpoint: bucket.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  store = s3ObjectStore('lake', client);
});
afterEach(() => {
  client.destroy();
  bucket.close();
  Math.random = random;
});

const objectAt = (key: string) => bucket.objects.get(`lake/${key}`);
const times =
  (count: number, operation: S3Operation, fault: S3Fault) =>
  (asked: S3Asked): S3Fault | undefined =>
    asked.operation === operation && asked.nth <= count ? fault : undefined;

/** Each operation, and whether what it did or gave is right. */
const OPERATIONS: Readonly<Record<S3Operation, (store: PrunableStore) => Promise<boolean>>> = {
  async put(target) {
    await target.put(KEY, BYTES);
    return Buffer.compare(objectAt(KEY)!, BYTES) === 0;
  },
  async get(target) {
    bucket.objects.set(`lake/${KEY}`, BYTES);
    return Buffer.compare((await target.get(KEY))!, BYTES) === 0;
  },
  async list(target) {
    bucket.objects.set(`lake/${KEY}`, BYTES);
    const found = await target.list('candles/');
    return found.length === 1 && found[0]!.key === KEY && found[0]!.sizeBytes === BYTES.length;
  },
  async remove(target) {
    bucket.objects.set(`lake/${KEY}`, BYTES);
    await target.remove(KEY);
    return objectAt(KEY) === undefined;
  },
};

describe.each(Object.keys(OPERATIONS) as S3Operation[])('%s', (operation) => {
  const PASSING: [string, S3Fault][] = [
    ['503 SlowDown', { kind: 'refused', status: 503, code: 'SlowDown' }],
    ['400 RequestTimeout', { kind: 'refused', status: 400, code: 'RequestTimeout' }],
    ['500 InternalError', { kind: 'refused', status: 500, code: 'InternalError' }],
    ['a connection that is cut', { kind: 'reset' }],
    ['an answer that is lost', { kind: 'lost_response' }],
  ];

  test.each(PASSING)('%s, as often as there are attempts but one: still done', async (_, fault) => {
    bucket.fault = times(ATTEMPTS - 1, operation, fault);
    expect(await OPERATIONS[operation](store)).toBe(true);
    expect(bucket.requests).toEqual(Array(ATTEMPTS).fill(operation));
  });

  test('SlowDown without an end: an error by that name, after so many attempts', async () => {
    bucket.fault = times(ATTEMPTS, operation, { kind: 'refused', status: 503, code: 'SlowDown' });
    await expect(OPERATIONS[operation](store)).rejects.toMatchObject({ name: 'SlowDown' });
    expect(bucket.requests).toHaveLength(ATTEMPTS);
  });

  test('what is denied is not asked for again', async () => {
    bucket.fault = times(ATTEMPTS, operation, { kind: 'refused', status: 403, code: 'AccessDenied' });
    await expect(OPERATIONS[operation](store)).rejects.toMatchObject({ name: 'AccessDenied' });
    // Of an object that is denied, a list of its key tells whether it is missing; it might have come since.
    expect(bucket.requests).toEqual(operation === 'get' ? ['get', 'list', 'get'] : [operation]);
  });

  test('a bucket that stays silent is asked again', async () => {
    bucket.fault = times(1, operation, { kind: 'stall' });
    expect(await OPERATIONS[operation](store)).toBe(true);
    expect(bucket.requests).toHaveLength(2);
  });
});

describe('a caller who may list some prefixes only, whom S3 answers 403 for a missing key', () => {
  const DENIED: S3Fault = { kind: 'refused', status: 403, code: 'AccessDenied' };

  test('finds a missing object missing, by a list of its key', async () => {
    await store.put(`${KEY}.other`, BYTES);
    bucket.fault = times(ATTEMPTS, 'get', DENIED);
    expect(await store.get(KEY)).toBeUndefined();
    expect(bucket.requests).toEqual(['put', 'get', 'list']);
  });

  test('gets an object that was put between the two requests', async () => {
    bucket.fault = times(1, 'get', DENIED);
    expect(await OPERATIONS.get(store)).toBe(true);
  });

  test('gets an error, and never "missing", if it may not list either', async () => {
    bucket.fault = ({ operation }) => (operation === 'put' ? undefined : DENIED);
    await expect(store.get(KEY)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(bucket.requests).toEqual(['get', 'list']);
  });
});

test('a 503 of a gateway, which has no word of S3, is asked again as well', async () => {
  bucket.fault = times(2, 'put', { kind: 'refused', status: 503 });
  expect(await OPERATIONS.put(store)).toBe(true);
});

test('every answer to a put is lost: an error, and the whole object is there', async () => {
  bucket.fault = times(ATTEMPTS, 'put', { kind: 'lost_response' });
  await expect(store.put(KEY, BYTES)).rejects.toThrow();
  expect(Buffer.compare((await store.get(KEY))!, BYTES)).toBe(0);
});

test.each([
  ['over an object', 'before'],
  ['no object', undefined],
])('the answer to a put %s on a condition is lost: asked again, it counts as done', async (_, before) => {
  const tag = before === undefined ? undefined : await store.put(KEY, Buffer.from(before));
  bucket.requests.length = 0;
  bucket.fault = ({ operation, attempt }) =>
    operation === 'put' && attempt === 1 ? { kind: 'lost_response' } : undefined;
  const put = await store.put(KEY, BYTES, { tag });
  expect(put).toBe((await store.list(KEY))[0]!.tag);
  expect(Buffer.compare(objectAt(KEY)!, BYTES)).toBe(0);
  expect(bucket.requests).toEqual(['put', 'put', 'get', 'list']);
});

test('two puts on a condition at the same moment (409): asked again', async () => {
  bucket.fault = times(2, 'put', { kind: 'refused', status: 409, code: 'ConditionalRequestConflict' });
  await store.put(KEY, BYTES, { tag: undefined });
  expect(bucket.requests).toEqual(['put', 'put', 'put']);
  expect(Buffer.compare(objectAt(KEY)!, BYTES)).toBe(0);
});

test('a list that is throttled on each of its pages has every key once, in order', async () => {
  const keys = ['p/1', 'p/2', 'p/3', 'p/4', 'p/5'];
  for (const key of keys) await store.put(key, BYTES);
  bucket.fault = ({ operation, nth }) =>
    operation === 'list' && nth % 2 === 1 ? { kind: 'refused', status: 503, code: 'SlowDown' } : undefined;
  expect((await store.list('p/')).map(({ key }) => key)).toEqual(keys);
  expect(bucket.requests.filter((operation) => operation === 'list')).toHaveLength(6);
});

describe('a body', () => {
  test.each(['cut_body', 'stalled_body'] as const)('%s, of a list: asked for again', async (kind) => {
    bucket.fault = times(2, 'list', { kind });
    expect(await OPERATIONS.list(store)).toBe(true);
    expect(bucket.requests).toEqual(['list', 'list', 'list']);
  });

  test.each(['cut_body', 'stalled_body', 'changed_byte'] as const)(
    '%s, after its headers came: the object is asked for again',
    async (kind) => {
      bucket.fault = times(2, 'get', { kind });
      expect(await OPERATIONS.get(store)).toBe(true);
      expect(bucket.requests).toEqual(['get', 'get', 'get']);
    },
  );

  test('that never comes whole is an error, and never a part of the object', async () => {
    bucket.fault = times(ATTEMPTS, 'get', { kind: 'cut_body' });
    await expect(OPERATIONS.get(store)).rejects.toThrow(`${KEY} cannot be read from s3://lake: aborted`);
    expect(bucket.requests).toHaveLength(ATTEMPTS);
  });
});
