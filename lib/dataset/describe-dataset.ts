import { TABLES } from '../domain/tables.ts';
import { labelHorizon } from '../labels/label-horizon.ts';
import type { DatasetRecord, RecordedShard } from '../lake/versions/dataset-record.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRequest } from './contract.ts';
import type { DatasetIdentity } from './identify.ts';
import { type LakeShard, listShardsAround } from './lake-shards.ts';

interface RecordContext {
  /** The lake that the shards are read from, which may be an earlier state of it. */
  readonly store: ObjectStore;
  /** sha256 of the code that makes packs, and of the code that makes candle shards. */
  readonly codeHash: string;
  readonly shardCodeHash?: string | undefined;
  /** The commit of that code, if it is known. */
  readonly commit: string | undefined;
}

/** Makes the record of a dataset id, which the lake keeps. */
export async function describeDataset(
  identity: DatasetIdentity,
  context: RecordContext,
): Promise<DatasetRecord<DatasetRequest>> {
  const { id, request } = identity;
  const shards = [...identity.shards, ...identity.joined.values()].flat();
  const around = await listShardsAround(context.store, shards, labelHorizon);
  return {
    id,
    request,
    codeHash: context.codeHash,
    ...(context.shardCodeHash !== undefined && { shardCodeHash: context.shardCodeHash }),
    ...(context.commit !== undefined && { commit: context.commit }),
    shards: around.map((shard) => describeShard(shard, shards.includes(shard))),
  };
}

function describeShard({ series, period, manifest, manifestSha256 }: LakeShard, named: boolean): RecordedShard {
  const outputs = Object.fromEntries(TABLES.map((table) => [table, manifest.outputs[table].sha256]));
  return { series, period, manifestSha256, codeHash: manifest.codeHash, outputs, named };
}
