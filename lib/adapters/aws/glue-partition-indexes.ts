import { CreatePartitionIndexCommand, GetPartitionIndexesCommand, type GlueClient } from '@aws-sdk/client-glue';

interface PartitionIndexes {
  readonly client: GlueClient;
  readonly database: string;
  readonly table: string;
  /** The table's partition columns, in order. */
  readonly keys: readonly string[];
  readonly onNotice: (line: string) => void;
}

/**
 * Creates the partition indexes that a table lacks: `by_series` for queries about symbols, and `by_period` for queries
 * about a whole market at one time. Without an index Glue loads every partition of the table and then filters.
 * CloudFormation cannot create one. An index only makes queries faster, so a refusal is a notice, and the next run
 * tries again.
 */
export async function ensurePartitionIndexes({
  client,
  database,
  table,
  keys,
  onNotice,
}: PartitionIndexes): Promise<void> {
  const scope = { DatabaseName: database, TableName: table };
  try {
    const { PartitionIndexDescriptorList = [] } = await client.send(new GetPartitionIndexesCommand(scope));
    const there = new Set(PartitionIndexDescriptorList.map(({ IndexName }) => IndexName));
    // Glue builds one index of a table at a time: the next one waits for the next run.
    const [missing] = indexesOf(keys).filter(({ IndexName }) => !there.has(IndexName));
    if (!missing) return;
    await client.send(new CreatePartitionIndexCommand({ ...scope, PartitionIndex: missing }));
  } catch (error) {
    const { name, message } = error as Error;
    // Another run may have created it a moment ago.
    if (name !== 'AlreadyExistsException') onNotice(`table ${table} lacks a partition index: ${name}: ${message}`);
  }
}

/** A query uses an index if it has predicates on the first of its keys. */
function indexesOf(keys: readonly string[]): { IndexName: string; Keys: string[] }[] {
  const bySeries = { IndexName: 'by_series', Keys: [...keys] };
  if (!keys.includes('symbol')) return [bySeries];
  return [bySeries, { IndexName: 'by_period', Keys: keys.filter((key) => key !== 'symbol') }];
}
