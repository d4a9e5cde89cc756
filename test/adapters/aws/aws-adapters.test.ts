import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GlueClient,
  type Partition as GluePartition,
} from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { glueCatalogue } from '../../../lib/adapters/aws/glue-catalogue.ts';
import { s3ObjectStore } from '../../../lib/adapters/aws/s3-object-store.ts';
import { ssmSecrets } from '../../../lib/adapters/aws/ssm-secrets.ts';
import { folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { memoryStore } from '../../../lib/memory-store.ts';
import type { Partition } from '../../../lib/ports.ts';
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

describeOverMoto('Glue', () => {
  const client = new GlueClient(config);
  const STORAGE = {
    Columns: [{ Name: 'open_time', Type: 'timestamp' }],
    Location: 's3://lake/candles/',
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  };
  let databases = 0;
  async function newDatabase() {
    const name = `db_${++databases}`;
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
    const keys = ['market', 'symbol', 'interval', 'period'].map((key) => ({ Name: key, Type: 'string' }));
    await client.send(
      new CreateTableCommand({
        DatabaseName: name,
        TableInput: { Name: 'candles', PartitionKeys: keys, StorageDescriptor: STORAGE },
      }),
    );
    return name;
  }
  async function partitionsOf(database: string) {
    const found: GluePartition[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new GetPartitionsCommand({ DatabaseName: database, TableName: 'candles', NextToken: token }),
      );
      found.push(...(page.Partitions ?? []));
      token = page.NextToken;
    } while (token);
    return found;
  }
  const periods = (count: number): Partition[] =>
    Array.from({ length: count }, (_, i) => ({
      market: 'um',
      symbol: i % 2 === 0 ? 'BTCUSDT' : '币安人生USDT',
      interval: '1m',
      period: String(1000 + i),
    }));
  afterAll(() => client.destroy());

  test('adds partitions in hundreds, each with the storage of its table at its own place', async () => {
    const database = await newDatabase();
    const target = glueCatalogue(database, 's3://lake', client);
    expect(await target.addPartitions('candles', periods(230))).toBe(230);
    const found = await partitionsOf(database);
    expect(found).toHaveLength(230);
    const one = found.find(({ Values }) => Values?.at(-1) === '1001');
    expect(one?.Values).toEqual(['um', '币安人生USDT', '1m', '1001']);
    expect(one?.StorageDescriptor).toMatchObject({
      ...STORAGE,
      Location: 's3://lake/candles/market=um/symbol=币安人生USDT/interval=1m/period=1001/',
    });
  });

  test('adds only what is missing, and once what is named twice', async () => {
    const database = await newDatabase();
    const target = glueCatalogue(database, 's3://lake', client);
    expect(await target.addPartitions('candles', periods(3))).toBe(3);
    expect(await target.addPartitions('candles', [...periods(5), ...periods(5)])).toBe(2);
    expect(await target.addPartitions('candles', periods(5))).toBe(0);
    expect(await target.addPartitions('candles', [])).toBe(0);
    expect(await partitionsOf(database)).toHaveLength(5);
  });

  test('asks about the partitions named and nothing else, however many the table has', async () => {
    const database = await newDatabase();
    await glueCatalogue(database, 's3://lake', client).addPartitions('candles', periods(230));
    const watched = new GlueClient(config);
    const calls: string[] = [];
    watched.middlewareStack.add(
      (next, context) => (args) => {
        calls.push(String(context['commandName']));
        return next(args);
      },
      { step: 'initialize' },
    );
    expect(await glueCatalogue(database, 's3://lake', watched).addPartitions('candles', periods(2))).toBe(0);
    expect(calls).toEqual(['GetTableCommand', 'BatchCreatePartitionCommand']);
    watched.destroy();
  });

  test('one that another writer adds in the meantime is as good', async () => {
    const database = await newDatabase();
    const racing = new GlueClient(config);
    let isFirst = true;
    // Between reading the table and adding to it, somebody adds two of them.
    racing.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] === 'BatchCreatePartitionCommand' && isFirst) {
          isFirst = false;
          await glueCatalogue(database, 's3://lake', client).addPartitions('candles', periods(2));
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    expect(await glueCatalogue(database, 's3://lake', racing).addPartitions('candles', periods(5))).toBe(3);
    expect(await partitionsOf(database)).toHaveLength(5);
    racing.destroy();
  });

  test('a table that is not there is an error with its name', async () => {
    const target = glueCatalogue(await newDatabase(), 's3://lake', client);
    await expect(target.addPartitions('nothere', periods(1))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
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

  test('half a key is none', async () => {
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
