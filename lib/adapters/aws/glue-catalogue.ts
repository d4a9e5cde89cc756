import { createHash } from 'node:crypto';
import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  type ErrorDetail,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type PartitionInput,
  type StorageDescriptor,
} from '@aws-sdk/client-glue';
import pLimit, { type LimitFunction } from 'p-limit';
import { EngineFailed } from '../../domain/errors.ts';
import { PARTITION_COLUMNS } from '../../domain/table-schema.ts';
import type { Catalogue, Partition } from '../../ports.ts';
import { ensurePartitionIndexes } from './glue-partition-indexes.ts';

/** Calls of one catalogue at once, over all tables. */
export const GLUE_CALLS_AT_ONCE = 8;

/** Most partitions that Glue takes in one BatchCreatePartition or BatchUpdatePartition call. */
const BATCH = 100;

/** Parameter of a partition: which columns its storage descriptor has. */
const COLUMNS_PARAMETER = 'candlelake.columns';

/** Glue answers ThrottlingException while others use the account's rate: the SDK's own three tries are few for that. */
const PATIENCE = { maxAttempts: 10 } as const;

interface GlueCatalogueOptions {
  readonly client?: GlueClient;
  /** Called with a line that a person should read: something went wrong that does not make the tables wrong. */
  readonly onNotice?: (line: string) => void;
}

/**
 * Partitions in a Glue database, each with the storage of its table and the location that the lake's keys give it. It
 * lists the partitions of the symbols that it is given, without their columns; adds those that are missing; and updates
 * those whose table has other columns by now.
 * @param lakeUrl `s3://bucket`
 */
export function glueCatalogue(
  database: string,
  lakeUrl: string,
  { client = new GlueClient(PATIENCE), onNotice = () => {} }: GlueCatalogueOptions = {},
): Catalogue {
  const glue: Glue = { database, lakeUrl, client, onNotice, limit: pLimit(GLUE_CALLS_AT_ONCE) };
  return { addPartitions: (table, partitions) => addPartitions(glue, table, partitions) };
}

interface Glue extends Required<GlueCatalogueOptions> {
  readonly database: string;
  readonly lakeUrl: string;
  readonly limit: LimitFunction;
}

async function addPartitions(glue: Glue, table: string, partitions: readonly Partition[]): Promise<number> {
  const { client, database, limit, onNotice } = glue;
  // Named twice in one call is an error, and would count as one that was there.
  const wanted = new Map(partitions.map((partition) => [valuesOf(partition).join('/'), partition]));
  if (wanted.size === 0) return 0;
  const [storage, there] = await Promise.all([storageOf(glue, table), columnsThere(glue, table, [...wanted.values()])]);
  const columns = columnsHash(storage);
  const inputOf = (partition: Partition): PartitionInput => ({
    Values: valuesOf(partition),
    StorageDescriptor: { ...storage, Location: locationOf(glue.lakeUrl, table, partition) },
    Parameters: { [COLUMNS_PARAMETER]: columns },
  });
  const missing = [...wanted].filter(([name]) => !there.has(name));
  const outdated = [...wanted].filter(([name]) => there.has(name) && there.get(name) !== columns);
  const inputs = (some: typeof missing) => batchesOf(some.map(([, partition]) => inputOf(partition)));
  const [added] = await Promise.all([
    Promise.all(inputs(missing).map((batch) => limit(() => create(glue, table, batch)))),
    Promise.all(inputs(outdated).map((batch) => limit(() => update(glue, table, batch)))),
  ]);
  await limit(() => ensurePartitionIndexes({ client, database, table, keys: keysOf([...wanted.values()]), onNotice }));
  return added.reduce((sum, count) => sum + count, 0);
}

async function storageOf({ client, database, limit }: Glue, table: string): Promise<StorageDescriptor> {
  const answer = await limit(() => client.send(new GetTableCommand({ DatabaseName: database, Name: table })));
  const storage = answer.Table?.StorageDescriptor;
  if (!storage) throw new EngineFailed(`table ${database}.${table} has no storage descriptor in glue`);
  return storage;
}

/** Returns the columns of each partition that is there, by the partition's name; '' if it does not say. */
async function columnsThere(
  { client, database, limit }: Glue,
  table: string,
  wanted: readonly Partition[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const scope = { DatabaseName: database, TableName: table, Expression: expressionOf(wanted) };
  let token: string | undefined;
  do {
    const page = await limit(() =>
      client.send(new GetPartitionsCommand({ ...scope, ExcludeColumnSchema: true, NextToken: token })),
    );
    for (const { Values = [], Parameters } of page.Partitions ?? []) {
      found.set(Values.join('/'), Parameters?.[COLUMNS_PARAMETER] ?? '');
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

/**
 * Returns how many of the batch were added. A partition that another writer added in the meantime stays unchanged.
 */
async function create({ client, database }: Glue, table: string, batch: readonly PartitionInput[]): Promise<number> {
  const { Errors = [] } = await client.send(
    new BatchCreatePartitionCommand({ DatabaseName: database, TableName: table, PartitionInputList: [...batch] }),
  );
  const real = Errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
  if (real) throw refused('add', table, real.PartitionValues, real.ErrorDetail);
  return batch.length - Errors.length;
}

async function update({ client, database }: Glue, table: string, batch: readonly PartitionInput[]): Promise<void> {
  const Entries = batch.map((input) => ({ PartitionValueList: input.Values, PartitionInput: input }));
  const { Errors = [] } = await client.send(
    new BatchUpdatePartitionCommand({ DatabaseName: database, TableName: table, Entries }),
  );
  const [first] = Errors;
  if (first) throw refused('update', table, first.PartitionValueList, first.ErrorDetail);
}

/**
 * The market of the partitions, and their symbol if it is one. Other columns may be reserved words in Glue's parser.
 */
function expressionOf(partitions: readonly Partition[]): string {
  const terms = (['market', 'symbol'] as const).flatMap((column) => {
    const values = new Set(partitions.map((partition) => partition[column]));
    const [value] = values;
    return values.size === 1 && value !== undefined ? [`${column} = '${value.replaceAll("'", "''")}'`] : [];
  });
  return terms.join(' AND ');
}

/** Changes when a column is added, renamed or of another type; comments do not count. */
function columnsHash({ Columns = [] }: StorageDescriptor): string {
  const text = JSON.stringify(Columns.map(({ Name, Type }) => [Name, Type]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function batchesOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) => items.slice(i * BATCH, (i + 1) * BATCH));
}

function refused(
  verb: string,
  table: string,
  values: readonly string[] = [],
  { ErrorCode, ErrorMessage }: ErrorDetail = {},
): EngineFailed {
  return new EngineFailed(`glue did not ${verb} partition ${table} ${values.join('/')}: ${ErrorCode} ${ErrorMessage}`);
}

function keysOf([first]: readonly Partition[]): string[] {
  return PARTITION_COLUMNS.filter((column) => first?.[column] !== undefined);
}

function valuesOf(partition: Partition): string[] {
  return PARTITION_COLUMNS.flatMap((column) => partition[column] ?? []);
}

function locationOf(lakeUrl: string, table: string, partition: Partition): string {
  const folders = PARTITION_COLUMNS.flatMap((column) =>
    partition[column] === undefined ? [] : `${column}=${partition[column]}`,
  );
  return `${lakeUrl.replace(/\/+$/, '')}/${table}/${folders.join('/')}/`;
}
