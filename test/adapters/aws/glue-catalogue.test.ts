import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GlueClient,
  type Partition as GluePartition,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { glueCatalogue } from '../../../lib/adapters/aws/glue-catalogue.ts';
import type { Partition } from '../../../lib/ports.ts';
import { startMoto } from './moto-server.ts';

const moto = await startMoto();
const isRunning = typeof moto !== 'string';
const describeOverMoto = (name: string, body: () => void) =>
  isRunning ? describe(name, body) : describe.skip(`${name} (skipped: ${moto})`, body);
const config = isRunning ? moto.clientConfig : { region: 'eu-west-1' };

afterAll(() => {
  if (isRunning) moto.stop();
});

interface Call {
  readonly name: string;
  readonly input: Record<string, never>;
}

interface Watched {
  readonly client: GlueClient;
  readonly calls: Call[];
  /** Most calls in flight at once. */
  most: number;
}

/**
 * A client that notes its calls. The emulator has no partition indexes: they are kept here, by table, as Glue keeps
 * them. `before` is called before each call, and may throw what Glue would answer.
 */
function watch(
  indexes = new Map<string, unknown[]>(),
  before: (call: Call) => Promise<void> = async () => {},
): Watched {
  const client = new GlueClient({ ...config, maxAttempts: 1 });
  const watched: Watched = { client, calls: [], most: 0 };
  let inFlight = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = { name: String(context['commandName']), input: args.input as Call['input'] };
      watched.calls.push(call);
      inFlight += 1;
      watched.most = Math.max(watched.most, inFlight);
      try {
        await before(call);
        const own = indexes.get(call.input['TableName'] as string) ?? [];
        if (call.name === 'GetPartitionIndexesCommand') {
          return { response: {}, output: { PartitionIndexDescriptorList: own, $metadata: {} } as never };
        }
        if (call.name === 'CreatePartitionIndexCommand') {
          indexes.set(call.input['TableName'] as string, [...own, call.input['PartitionIndex']]);
          return { response: {}, output: { $metadata: {} } as never };
        }
        return await next(args);
      } finally {
        inFlight -= 1;
      }
    },
    { step: 'initialize' },
  );
  clients.push(client);
  return watched;
}

const clients: GlueClient[] = [];
afterAll(() => {
  for (const client of clients) client.destroy();
});

describeOverMoto('glueCatalogue', () => {
  const client = new GlueClient(config);
  const STORAGE = {
    Columns: [{ Name: 'open_time', Type: 'timestamp' }],
    Location: 's3://lake/candles/',
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  };
  const KEYS = ['market', 'symbol', 'interval', 'period'].map((key) => ({ Name: key, Type: 'string' }));
  const table = (Columns = STORAGE.Columns) => ({
    Name: 'candles',
    PartitionKeys: KEYS,
    StorageDescriptor: { ...STORAGE, Columns },
  });
  let databases = 0;
  async function newDatabase() {
    const name = `db_${++databases}`;
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
    await client.send(new CreateTableCommand({ DatabaseName: name, TableInput: table() }));
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
  const add = (database: string, partitions: readonly Partition[], { client }: Watched = watch()) =>
    glueCatalogue(database, 's3://lake', { client }).addPartitions('candles', partitions);
  afterAll(() => client.destroy());

  test('adds partitions in hundreds, each with the storage of its table at its own place', async () => {
    const database = await newDatabase();
    expect(await add(database, periods(230))).toBe(230);
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
    expect(await add(database, periods(3))).toBe(3);
    expect(await add(database, [...periods(5), ...periods(5)])).toBe(2);
    expect(await add(database, periods(5))).toBe(0);
    expect(await add(database, [])).toBe(0);
    expect(await partitionsOf(database)).toHaveLength(5);
  });

  test('lists the partitions of the one given symbol, without their columns, and writes nothing', async () => {
    const database = await newDatabase();
    const indexes = new Map<string, unknown[]>();
    for (let run = 0; run < 2; run++) await add(database, periods(230), watch(indexes));
    const watched = watch(indexes);
    expect(await add(database, periods(1), watched)).toBe(0);
    expect(watched.calls.map(({ name }) => name)).toEqual([
      'GetTableCommand',
      'GetPartitionsCommand',
      'GetPartitionIndexesCommand',
    ]);
    expect(watched.calls[1]!.input).toMatchObject({
      Expression: `market = 'um' AND symbol = 'BTCUSDT'`,
      ExcludeColumnSchema: true,
    });
  });

  test('one that another writer adds in the meantime is as good', async () => {
    const database = await newDatabase();
    let isFirst = true;
    // Between reading the table and adding to it, another writer adds two of them.
    const racing = watch(new Map(), async ({ name }) => {
      if (name !== 'BatchCreatePartitionCommand' || !isFirst) return;
      isFirst = false;
      await add(database, periods(2));
    });
    expect(await add(database, periods(5), racing)).toBe(3);
    expect(await partitionsOf(database)).toHaveLength(5);
  });

  test('a partition gets the column that its table has gained, and keeps its place; others stay as is', async () => {
    const database = await newDatabase();
    await add(database, periods(6));
    const gained = [...STORAGE.Columns, { Name: 'rsi_99', Type: 'double' }];
    await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput: table(gained) }));
    const watched = watch();
    expect(await add(database, periods(4), watched)).toBe(0);
    const columns = (await partitionsOf(database)).map(({ Values, StorageDescriptor }) => [
      Values?.at(-1),
      StorageDescriptor?.Columns?.length,
      StorageDescriptor?.Location?.split('/').at(-2),
    ]);
    expect(columns.sort()).toEqual(
      ['1000', '1001', '1002', '1003', '1004', '1005'].map((period) => [
        period,
        Number(period) < 1004 ? 2 : 1,
        `period=${period}`,
      ]),
    );
    const calls = (some: Watched) => some.calls.map(({ name }) => name).filter((name) => name.startsWith('Batch'));
    expect(calls(watched)).toEqual(['BatchUpdatePartitionCommand']);
    // The next run finds them up to date.
    const next = watch();
    await add(database, periods(4), next);
    expect(calls(next)).toEqual([]);
  });

  test('makes eight calls at once over all tables, and no more: it adds, updates and makes indexes', async () => {
    const database = await newDatabase();
    const tables = ['candles', 'features', 'labels', 'gaps'];
    const input = (name: string, columns?: typeof STORAGE.Columns) => ({
      DatabaseName: database,
      TableInput: { ...table(columns), Name: name },
    });
    for (const name of tables.slice(1)) await client.send(new CreateTableCommand(input(name)));
    const wanted = periods(300);
    // Glue takes a moment for each call.
    const slow = () => watch(new Map(), () => new Promise((resolve) => setTimeout(resolve, 20)));
    const addAll = async ({ client: watched }: Watched) => {
      const target = glueCatalogue(database, 's3://lake', { client: watched });
      return Promise.all(tables.map((name) => target.addPartitions(name, wanted)));
    };
    const [adding, updating] = [slow(), slow()];
    expect(await addAll(adding)).toEqual([300, 300, 300, 300]);
    const gained = [...STORAGE.Columns, { Name: 'rsi_99', Type: 'double' }];
    for (const name of tables) await client.send(new UpdateTableCommand(input(name, gained)));
    expect(await addAll(updating)).toEqual([0, 0, 0, 0]);
    const count = ({ calls }: Watched, batch: string) => calls.filter(({ name }) => name === batch).length;
    expect([count(adding, 'BatchCreatePartitionCommand'), adding.most]).toEqual([12, 8]);
    expect([count(updating, 'BatchUpdatePartitionCommand'), updating.most]).toEqual([12, 8]);
  });

  test('creates the indexes of a table one a run, and then no more', async () => {
    const database = await newDatabase();
    const indexes = new Map<string, unknown[]>();
    for (let run = 0; run < 3; run++) await add(database, periods(2), watch(indexes));
    expect(indexes.get('candles')).toEqual([
      { IndexName: 'by_series', Keys: ['market', 'symbol', 'interval', 'period'] },
      { IndexName: 'by_period', Keys: ['market', 'interval', 'period'] },
    ]);
  });

  test('an index that Glue refuses is a notice, and the partitions are there', async () => {
    const database = await newDatabase();
    const notices: string[] = [];
    const { client: refusing } = watch(new Map(), async ({ name }) => {
      if (name !== 'CreatePartitionIndexCommand') return;
      throw Object.assign(new Error('too many indexes'), { name: 'ResourceNumberLimitExceededException' });
    });
    const target = glueCatalogue(database, 's3://lake', { client: refusing, onNotice: (line) => notices.push(line) });
    expect(await target.addPartitions('candles', periods(2))).toBe(2);
    expect(notices).toEqual([
      'table candles lacks a partition index: ResourceNumberLimitExceededException: too many indexes',
    ]);
  });

  test('a table that is not there is an error with its name', async () => {
    const database = await newDatabase();
    const target = glueCatalogue(database, 's3://lake', { client: watch().client });
    await expect(target.addPartitions('nothere', periods(1))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });
});
