import { BatchCreatePartitionCommand, GetTableCommand, GlueClient, type StorageDescriptor } from '@aws-sdk/client-glue';
import { EngineFailed } from '../../domain/errors.ts';
import { PARTITION_COLUMNS } from '../../domain/table-schema.ts';
import type { Catalogue, Partition } from '../../ports.ts';

/** Most partitions that Glue takes in one BatchCreatePartition call. */
const BATCH = 100;

/**
 * Partitions in a Glue database, each with the storage of its table and the location that the lake's keys give it. It asks
 * for each to be made and lets Glue say which were there: listing would read the whole table, and asking for each by
 * name would answer with all its columns.
 * @param lakeUrl `s3://bucket`
 */
export function glueCatalogue(database: string, lakeUrl: string, client: GlueClient = new GlueClient({})): Catalogue {
  async function storageOf(table: string): Promise<StorageDescriptor> {
    const answer = await client.send(new GetTableCommand({ DatabaseName: database, Name: table }));
    const storage = answer.Table?.StorageDescriptor;
    if (!storage) throw new EngineFailed(`table ${database}.${table} has no storage descriptor in glue`);
    return storage;
  }

  /** How many of the batch were added; one that was there stays as it is. */
  async function create(table: string, storage: StorageDescriptor, batch: readonly Partition[]): Promise<number> {
    const answer = await client.send(
      new BatchCreatePartitionCommand({
        DatabaseName: database,
        TableName: table,
        PartitionInputList: batch.map((partition) => ({
          Values: valuesOf(partition),
          StorageDescriptor: { ...storage, Location: locationOf(lakeUrl, table, partition) },
        })),
      }),
    );
    const errors = answer.Errors ?? [];
    const real = errors.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
    if (real) {
      const { ErrorCode, ErrorMessage } = real.ErrorDetail ?? {};
      const name = (real.PartitionValues ?? []).join('/');
      throw new EngineFailed(`glue did not add partition ${table} ${name}: ${ErrorCode} ${ErrorMessage}`);
    }
    return batch.length - errors.length;
  }

  return {
    async addPartitions(table, partitions) {
      // Named twice in one call is an error, and would count as one that was there.
      const wanted = [...new Map(partitions.map((partition) => [valuesOf(partition).join('/'), partition])).values()];
      if (wanted.length === 0) return 0;
      const storage = await storageOf(table);
      let added = 0;
      for (let from = 0; from < wanted.length; from += BATCH) {
        added += await create(table, storage, wanted.slice(from, from + BATCH));
      }
      return added;
    },
  };
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
