import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { s3ObjectStore } from '../../../lib/adapters/aws/s3-object-store.ts';
import { ssmSecrets } from '../../../lib/adapters/aws/ssm-secrets.ts';
import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { startMoto } from './moto-server.ts';
import { describeObjectStore } from './object-store-suite.ts';

const moto = await startMoto();
const isRunning = typeof moto !== 'string';
const describeOverMoto = (name: string, body: () => void) =>
  isRunning ? describe(name, body) : describe.skip(`${name} (skipped: ${moto})`, body);
const config = isRunning ? moto.clientConfig : { region: 'eu-west-1' };

afterAll(() => {
  if (isRunning) moto.stop();
});

const folders = mkdtempSync(join(tmpdir(), 'candlelake-'));
afterAll(() => rmSync(folders, { recursive: true }));

describeObjectStore('memory', async () => memoryStore());
describeObjectStore('folder', async () => folderObjectStore(mkdtempSync(join(folders, 'lake-'))));

describeOverMoto('S3', () => {
  const client = new S3Client({ ...config, forcePathStyle: true });
  let buckets = 0;
  async function newBucket() {
    const bucket = `lake-${++buckets}`;
    await client.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    return bucket;
  }
  afterAll(() => client.destroy());

  describeObjectStore('s3', async () => s3ObjectStore(await newBucket(), client));

  test('lists page after page', async () => {
    const bucket = await newBucket();
    // Pages of two in place of a thousand: the server cuts them, the store has to follow.
    const paged = new S3Client({ ...config, forcePathStyle: true });
    let pages = 0;
    paged.middlewareStack.add(
      (next, context) => (args) => {
        if (context['commandName'] === 'ListObjectsV2Command') {
          pages++;
          Object.assign(args.input, { MaxKeys: 2 });
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const store = s3ObjectStore(bucket, paged);
    const keys = ['p/1', 'p/2', 'p/3', 'p/4', 'p/5'];
    for (const key of keys) await store.put(key, new Uint8Array([1]));
    expect((await store.list('p/')).map(({ key }) => key)).toEqual(keys);
    expect(pages).toBe(3);
    paged.destroy();
  });

  test('a bucket that is not there is an error, not an empty lake', async () => {
    const store = s3ObjectStore('absent', client);
    await expect(store.get('k')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(store.list('k')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect(store.url).toBe('s3://absent');
  });
});

describeOverMoto('SSM', () => {
  const client = new SSMClient(config);
  const names = { keyParameter: '/candlelake/api-key', secretParameter: '/candlelake/api-secret' };
  const put = (Name: string, Value: string) =>
    client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  afterAll(() => client.destroy());

  test('both parameters make a key, decrypted and read once', async () => {
    await put(names.keyParameter, 'the key');
    await put(names.secretParameter, 'the secret');
    const secrets = ssmSecrets(names, client);
    expect(await secrets.apiKey()).toEqual({ key: 'the key', secret: 'the secret' });
    await put(names.keyParameter, 'another key');
    expect(await secrets.apiKey()).toEqual({ key: 'the key', secret: 'the secret' });
    expect(await ssmSecrets(names, client).apiKey()).toEqual({ key: 'another key', secret: 'the secret' });
  });

  test('half a key is no key', async () => {
    await put(names.keyParameter, 'the key');
    await client.send(new DeleteParameterCommand({ Name: names.secretParameter })).catch(() => {});
    expect(await ssmSecrets(names, client).apiKey()).toBeUndefined();
    expect(await ssmSecrets({ keyParameter: '/no', secretParameter: '/none' }, client).apiKey()).toBeUndefined();
  });

  test('an error is not remembered', async () => {
    const flaky = new SSMClient({ ...config, maxAttempts: 1 });
    let fails = 1;
    flaky.middlewareStack.add(
      (next) => async (args) => {
        if (fails-- > 0) throw new Error('connection lost');
        return next(args);
      },
      { step: 'initialize' },
    );
    await put(names.keyParameter, 'k');
    await put(names.secretParameter, 's');
    const secrets = ssmSecrets(names, flaky);
    await expect(secrets.apiKey()).rejects.toThrow('connection lost');
    expect(await secrets.apiKey()).toEqual({ key: 'k', secret: 's' });
    flaky.destroy();
  });
});
