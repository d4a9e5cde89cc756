import { BadInput, CorruptObject } from '../domain/errors.ts';
import { sha256 } from '../domain/sha256.ts';
import { labelHorizon } from '../labels/label-horizon.ts';
import { holdsNone } from '../lake/empty-lake.ts';
import { DATASETS_PREFIX, datasetKey, TABLES } from '../lake/keys.ts';
import type { ObjectStore } from '../ports.ts';
import type { DatasetRecord, RecordedShard } from './contract.ts';
import type { DatasetIdentity } from './identify.ts';
import { type LakeShard, listShardsAround } from './lake-shards.ts';

export interface RecordWorld {
  /** What the shards are read from, which may be an earlier state of the lake. */
  readonly store: ObjectStore;
  readonly codeHash: string;
  readonly commit: string | undefined;
}

/** What a dataset id stands for, to be kept in the lake. */
export async function describeDataset(identity: DatasetIdentity, world: RecordWorld): Promise<DatasetRecord> {
  const { id, request } = identity;
  const shards = [...identity.shards, ...identity.joined.values()].flat();
  const around = await listShardsAround(world.store, shards, labelHorizon);
  return {
    id,
    request,
    codeHash: world.codeHash,
    ...(world.commit !== undefined && { commit: world.commit }),
    shards: around.map((shard) => describeShard(shard, shards.includes(shard))),
  };
}

function describeShard({ series, period, manifest, manifestSha256 }: LakeShard, named: boolean): RecordedShard {
  const outputs = Object.fromEntries(TABLES.map((table) => [table, manifest.outputs[table].sha256]));
  return { series, period, manifestSha256, codeHash: manifest.codeHash, outputs, named };
}

/** A record as it is stored, with the hash of all the rest of it; the first ones had none. */
type StoredRecord = DatasetRecord & { readonly recordSha256?: string };

/** Records a dataset id; the files of its pack, once they are known, stay known. A damaged record is put right. */
export async function recordDataset(lake: ObjectStore, record: DatasetRecord): Promise<void> {
  const there = record.files ? undefined : await lake.get(datasetKey(record.id));
  const files = record.files ?? (there && parseRecord(there, record.id)?.files);
  await lake.put(datasetKey(record.id), encodeRecord({ ...record, ...(files && { files }) }));
}

/** The bytes of a record. */
export function encodeRecord(record: DatasetRecord): Uint8Array {
  const stored: StoredRecord = { ...record, recordSha256: hashOf(record) };
  return Buffer.from(`${JSON.stringify(stored)}\n`);
}

/** All recorded ids. */
export async function listDatasetIds(lake: ObjectStore): Promise<string[]> {
  const keys = (await lake.list(DATASETS_PREFIX)).map(({ key }) => key);
  return keys.flatMap((key) => /^datasets\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? []);
}

/** The record of an id; undefined where there is none. @throws CorruptObject where it is not what its name and its hash say */
export async function readRecord(lake: ObjectStore, id: string): Promise<DatasetRecord | undefined> {
  const bytes = await lake.get(datasetKey(id));
  if (!bytes) return undefined;
  const record = parseRecord(bytes, id);
  if (record) return record;
  throw new CorruptObject(
    `${datasetKey(id)} is not the record of the id that its name promises: make the dataset again, or remove it by hand`,
  );
}

function parseRecord(bytes: Uint8Array, id: string): DatasetRecord | undefined {
  try {
    const { recordSha256, ...record } = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredRecord;
    const isWhole = recordSha256 === undefined || recordSha256 === hashOf(record);
    return isWhole && record.id === id && Array.isArray(record.shards) ? record : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(record: DatasetRecord): string {
  return sha256(JSON.stringify(record));
}

const MOST_NAMED = 5;

/** Fewer digits soon begin two ids. */
const LEAST_DIGITS = 6;
const BEGINNING = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},64}$`);

/** The record of an id, or of the one id that begins so. @throws BadInput naming the ids that there are */
export async function findDataset(lake: ObjectStore, given: string): Promise<DatasetRecord> {
  if (!BEGINNING.test(given)) {
    throw new BadInput(`dataset id must be 64 digits 0-9a-f, or its first ${LEAST_DIGITS} or more, got '${given}'`);
  }
  const ids = await listDatasetIds(lake);
  const beginning = ids.filter((id) => id.startsWith(given));
  const record = beginning.length === 1 ? await readRecord(lake, beginning[0]!) : undefined;
  if (record) return record;
  if (beginning.length > 1) throw new BadInput(`dataset id '${given}' is the beginning of ${beginning.length} ids`);
  if (ids.length === 0) {
    throw holdsNone(lake.url, 'dataset ids', `make one with \`npx lake dataset\`, got '${given}'`);
  }
  const near = ids.sort((a, b) => sharedBeginning(b, given) - sharedBeginning(a, given)).slice(0, MOST_NAMED);
  const more = ids.length > near.length ? ` and ${ids.length - near.length} more` : '';
  throw new BadInput(`dataset id must be one of ${near.join(', ')}${more}, got '${given}'`);
}

function sharedBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
